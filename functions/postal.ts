import { readFileSync } from 'node:fs';
import { createSecretsOf } from '../lib/adapters/aws/secrets.ts';
import { createSqsPostalSender } from '../lib/adapters/aws/sqs-postal-sender.ts';
import { postalConfig } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { createPostalFront } from '../lib/front/postal/postal-front.ts';
import type { PostalPorts } from '../lib/front/postal/postal-ports.ts';
import { postalSecretsSchema } from '../lib/front/postal/postal-secrets.ts';
import { webhookTrust } from '../lib/front/postal/webhook-trust.ts';

const config = postalConfig();
const now = () => Date.now();
const log = jsonLogger({ function: 'postal' });
const trust = webhookTrust(readFileSync(config.postalProfileFile, 'utf8'));

/** Loaded with the first report: a webhook waits for no table. */
const storedReportAt: PostalPorts['storedReportAt'] = async (...asked) => {
  const [{ createDynamoDbStateStore }, { findReport }] = await Promise.all([
    import('../lib/adapters/aws/dynamodb-state-store.ts'),
    import('../lib/app/state/postal-report-store.ts'),
  ]);
  const state = createDynamoDbStateStore({ table: config.stateTable, clock: { now } });
  return (await findReport(state, ...asked))?.atMs;
};

/** Receives what Postal's hosts send, behind an HTTP API with payload format 2.0: webhooks and reports. */
export const handler = createPostalFront({
  secrets: createSecretsOf(postalSecretsSchema, {
    port: config.secretsPort,
    secretId: config.postalSecretId,
    sessionToken: config.secretsSessionToken,
    now,
    log,
  }),
  trust: () => trust,
  queue: createSqsPostalSender({
    queueUrl: config.queueUrl,
    region: config.region,
    credentials: config.credentials,
    now,
  }),
  storedReportAt,
  log,
  now,
});
