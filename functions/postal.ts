import { readFileSync } from 'node:fs';
import { createSecretsOf } from '../lib/adapters/aws/secrets.ts';
import { postalConfig } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { createPostalFront } from '../lib/front/postal/postal-front.ts';
import type { PostalPorts } from '../lib/front/postal/postal-ports.ts';
import { postalSecretsSchema } from '../lib/front/postal/postal-secrets.ts';
import { webhookTrust } from '../lib/front/postal/webhook-trust.ts';

type Handler = ReturnType<typeof createPostalFront>;

const log = jsonLogger({ function: 'postal' });
const now = () => Date.now();

const compose = (): Handler => {
  const { postalProfileFile, queueUrl, region, credentials, stateTable, ...config } = postalConfig();
  const trust = webhookTrust(readFileSync(postalProfileFile, 'utf8'));
  let sender: Promise<PostalPorts['queue']> | undefined;

  /** Loaded with the first request that is verified. */
  const loadSender = (): Promise<PostalPorts['queue']> => {
    sender ??= import('../lib/adapters/aws/sqs-postal-sender.ts').then(({ createSqsPostalSender }) =>
      createSqsPostalSender({ queueUrl, region, credentials, now }),
    );
    return sender;
  };

  /** Loaded with the first report: a webhook waits for no table. */
  const storedReportAt: PostalPorts['storedReportAt'] = async (...asked) => {
    const [{ createDynamoDbStateStore }, { findReport }] = await Promise.all([
      import('../lib/adapters/aws/dynamodb-state-store.ts'),
      import('../lib/app/state/postal/postal-report-store.ts'),
    ]);
    return (await findReport(createDynamoDbStateStore({ table: stateTable, clock: { now } }), ...asked))?.atMs;
  };

  return createPostalFront({
    secrets: createSecretsOf(postalSecretsSchema, {
      port: config.secretsPort,
      secretId: config.postalSecretId,
      sessionToken: config.secretsSessionToken,
      now,
      log,
    }),
    trust: () => trust,
    queue: { send: async (...sent) => (await loadSender()).send(...sent) },
    storedReportAt,
    log,
    now,
  });
};

let front: Handler | undefined;

/** Receives what Postal's hosts send, behind an HTTP API with payload format 2.0: webhooks and reports. */
export const handler: Handler = async (event) => {
  front ??= compose();
  return front(event);
};
