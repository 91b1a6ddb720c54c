import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createDynamoDbStateStore } from '../lib/adapters/aws/dynamodb-state-store.ts';
import { createSecretsOf } from '../lib/adapters/aws/secrets.ts';
import { postalFactsConfig } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { cachedSnapshot } from '../lib/app/postal/cached-snapshot.ts';
import { keepPostalMessage, type PostalFactsPorts } from '../lib/app/postal/keep-postal-message.ts';
import { parsePostalMessage } from '../lib/app/queue/postal-message.ts';
import { newestSnapshot } from '../lib/app/state/postal/postal-report-store.ts';
import { postalSecretsSchema } from '../lib/front/postal/postal-secrets.ts';

/** What Lambda takes to end an invocation in good order. */
const marginMs = 2_000;

const log = jsonLogger({ function: 'postal-facts' });

const compose = (): PostalFactsPorts => {
  const config = postalFactsConfig();
  const state = createDynamoDbStateStore({ table: config.stateTable, clock: systemClock });
  const secrets = createSecretsOf(postalSecretsSchema, {
    port: config.secretsPort,
    secretId: config.postalSecretId,
    sessionToken: config.secretsSessionToken,
    now: systemClock.now,
    log,
  });
  return {
    state,
    snapshot: cachedSnapshot(async (signal) => (await newestSnapshot(state, signal))?.snapshot, systemClock.now),
    recipientKey: async (signal) => (await secrets.read(signal)).recipientKey,
    log,
    now: systemClock.now,
  };
};

let ports: PostalFactsPorts | undefined;

/** Keeps what Postal's hosts sent. In a FIFO batch, everything after a failure has to wait for it. */
export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  ports ??= compose();
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - marginMs));
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of event.Records) {
    const message = parsePostalMessage(body);
    if (message === undefined) log.error('a message of the queue cannot be read; it is dropped', { messageId });
    if (message === undefined) continue;
    const isKept =
      batchItemFailures.length === 0 &&
      (await keepPostalMessage(ports, message, signal).then(
        () => true,
        (error: unknown) => {
          log.warn('a message was not kept; it comes again', { messageId, kind: message.kind, error });
          return false;
        },
      ));
    if (!isKept) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
};
