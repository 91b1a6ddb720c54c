import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Ports } from '../lib/commands/ports.ts';
import { runMessage } from '../lib/commands/run.ts';
import { workerConfig } from '../lib/config.ts';
import { createRoute53ZoneStore } from '../lib/dns/route53-zone-store.ts';
import { createDynamoDbLedger } from '../lib/ledger/dynamodb-ledger.ts';
import { jsonLogger } from '../lib/log.ts';
import { loadPolicy } from '../lib/policy/load-policy.ts';
import { cachedUserGroups } from '../lib/policy/user-groups.ts';
import { loadPostalProfile } from '../lib/postal/load-profile.ts';
import { createLambdaProber } from '../lib/probe/lambda-prober.ts';
import type { CommandQueue } from '../lib/queue/command-queue.ts';
import { parseMessage } from '../lib/queue/parse-message.ts';
import { createSqsCommandQueue } from '../lib/queue/sqs-command-queue.ts';
import { createSecrets } from '../lib/secrets.ts';
import { createWebApiMessenger } from '../lib/slack/web-api-messenger.ts';
import { createWebApiUserGroups } from '../lib/slack/web-api-user-groups.ts';
import { createWebApiWitness } from '../lib/slack/web-api-witness.ts';
import { createDynamoDbStateStore } from '../lib/state/dynamodb-state-store.ts';
import { systemClock } from '../lib/system-clock.ts';

/** What Lambda takes to end an invocation in good order. */
const marginMs = 2_000;

const log = jsonLogger({ function: 'worker' });

const compose = (): { ports: Ports; queue: CommandQueue } => {
  const config = workerConfig();
  const secrets = createSecrets({
    port: config.secretsPort,
    secretId: config.slackSecretId,
    sessionToken: config.secretsSessionToken,
    now: systemClock.now,
  });
  const queue = createSqsCommandQueue({ queueUrl: config.queueUrl });
  const botToken = async (): Promise<string> => (await secrets.read(AbortSignal.timeout(3_000))).botToken;
  return {
    queue,
    ports: {
      clock: systemClock,
      ledger: createDynamoDbLedger({ table: config.ledgerTable }),
      state: createDynamoDbStateStore({ table: config.stateTable, clock: systemClock }),
      zones: createRoute53ZoneStore(),
      prober: createLambdaProber(config.proberFunction),
      messenger: createWebApiMessenger({ botToken, slackApiUrl: config.slackApiUrl }),
      witness: createWebApiWitness({ botToken, slackApiUrl: config.slackApiUrl, clock: systemClock }),
      queue,
      policy: loadPolicy(config.policyFile),
      userGroups: cachedUserGroups(createWebApiUserGroups({ botToken, slackApiUrl: config.slackApiUrl, log }), systemClock),
      profile: loadPostalProfile(config.postalProfileFile),
      log,
      random: Math.random,
    },
  };
};

let composed: ReturnType<typeof compose> | undefined;

/** Whether the record may be deleted from the queue. */
const work = async ({ body, receiptHandle, attributes }: SQSRecord, remainingMs: number): Promise<boolean> => {
  const message = parseMessage(body);
  if (!message.ok) {
    log.error('a queue message cannot be read; it goes to the dead-letter queue', { reason: message.reason });
    return false;
  }
  composed ??= compose();
  const { ports, queue } = composed;
  const budgetMs = Math.max(0, remainingMs - marginMs);
  const deadline = { atMs: ports.clock.now() + budgetMs, signal: AbortSignal.timeout(budgetMs) };
  const outcome = await runMessage(ports, message.message, Number(attributes.ApproximateReceiveCount), deadline);
  if (outcome.kind === 'done') return true;
  log.warn('a queue message is left for later', { kind: message.message.kind, why: outcome.why, afterSeconds: outcome.afterSeconds });
  // Without it the message is seen again when its visibility timeout is over: later than need be, and no harm.
  await queue
    .retryIn(receiptHandle, outcome.afterSeconds, AbortSignal.timeout(marginMs))
    .catch((error: unknown) => log.warn('the back-off could not be set', { error }));
  return false;
};

/** The worker: one queue message an invocation, FIFO by message group. */
export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of event.Records) {
    // Whatever follows a failure in a FIFO batch must wait for it.
    const isWorked = batchItemFailures.length === 0 && (await work(record, context.getRemainingTimeInMillis()));
    if (!isWorked) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
};
