import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { resvgRenderer } from '../lib/chart/resvg-renderer.ts';
import type { Ports } from '../lib/commands/ports.ts';
import { runMessage } from '../lib/commands/run.ts';
import { functionName, workerConfig } from '../lib/config.ts';
import { lazyZoneStore } from '../lib/dns/lazy-zone-store.ts';
import { createDynamoDbLedger } from '../lib/ledger/dynamodb-ledger.ts';
import { meteredLedger } from '../lib/ledger/metered-ledger.ts';
import { jsonLogger, withFields } from '../lib/log.ts';
import { embeddedMetricsWriter } from '../lib/metrics.ts';
import { loadPolicy } from '../lib/policy/load-policy.ts';
import { cachedUserGroups } from '../lib/policy/user-groups.ts';
import { loadPostalProfile } from '../lib/postal/load-profile.ts';
import { createLambdaProber } from '../lib/probe/lambda-prober.ts';
import type { CommandQueue } from '../lib/queue/command-queue.ts';
import { logFieldsOf } from '../lib/queue/log-fields.ts';
import { parseMessage } from '../lib/queue/parse-message.ts';
import { createSqsCommandQueue } from '../lib/queue/sqs-command-queue.ts';
import { createSecrets } from '../lib/secrets.ts';
import { meteredMessenger } from '../lib/slack/metered-messenger.ts';
import { createWebApiFileUpload } from '../lib/slack/web-api-file-upload.ts';
import { createWebApiMessenger } from '../lib/slack/web-api-messenger.ts';
import { createWebApiSlackApp } from '../lib/slack/web-api-slack-app.ts';
import { createWebApiUserGroups } from '../lib/slack/web-api-user-groups.ts';
import { createWebApiWitness } from '../lib/slack/web-api-witness.ts';
import { createDynamoDbStateStore } from '../lib/state/dynamodb-state-store.ts';
import { systemClock } from '../lib/system-clock.ts';

/** What Lambda takes to end an invocation in good order. */
const marginMs = 2_000;

const baseLog = jsonLogger({ function: 'worker' });
const metrics = embeddedMetricsWriter({ functionName: functionName(), now: systemClock.now });

const compose = (): { ports: Ports; queue: CommandQueue } => {
  const config = workerConfig();
  const secrets = createSecrets({
    port: config.secretsPort,
    secretId: config.slackSecretId,
    sessionToken: config.secretsSessionToken,
    now: systemClock.now,
    log: baseLog,
  });
  const queue = createSqsCommandQueue({ queueUrl: config.queueUrl });
  const readSecrets = () => secrets.read(AbortSignal.timeout(3_000));
  const botToken = async (): Promise<string> => (await readSecrets()).botToken;
  const prober = createLambdaProber(config.proberFunction);
  return {
    queue,
    ports: {
      clock: systemClock,
      ledger: meteredLedger(createDynamoDbLedger({ table: config.ledgerTable }), metrics),
      state: createDynamoDbStateStore({ table: config.stateTable, clock: systemClock }),
      zones: lazyZoneStore(async () => (await import('../lib/dns/route53-zone-store.ts')).createRoute53ZoneStore()),
      zoneListing: { list: async (...asked) => (await import('../lib/dns/route53-zone-listing.ts')).createRoute53ZoneListing().list(...asked) },
      prober,
      batchProber: prober,
      messenger: meteredMessenger(createWebApiMessenger({ botToken, slackApiUrl: config.slackApiUrl }), metrics),
      files: createWebApiFileUpload({ botToken, slackApiUrl: config.slackApiUrl, clock: systemClock }),
      charts: resvgRenderer,
      witness: createWebApiWitness({ botToken, slackApiUrl: config.slackApiUrl, clock: systemClock }),
      slackApp: createWebApiSlackApp({ secrets: readSecrets, slackApiUrl: config.slackApiUrl }),
      queue,
      policy: loadPolicy(config.policyFile),
      userGroups: cachedUserGroups(createWebApiUserGroups({ botToken, slackApiUrl: config.slackApiUrl, log: baseLog }), systemClock),
      profile: loadPostalProfile(config.postalProfileFile),
      log: baseLog,
      random: Math.random,
    },
  };
};

let composed: ReturnType<typeof compose> | undefined;

/** Whether the record may be deleted from the queue. */
const work = async ({ body, receiptHandle, attributes }: SQSRecord, invocation: Context): Promise<boolean> => {
  const { awsRequestId } = invocation;
  const parsed = parseMessage(body);
  if (!parsed.ok) {
    baseLog.error('a queue message cannot be read; it goes to the dead-letter queue', { awsRequestId, reason: parsed.reason });
    return false;
  }
  const { message } = parsed;
  const deliveries = Number(attributes.ApproximateReceiveCount);
  const log = withFields(baseLog, { awsRequestId, ...logFieldsOf(message), deliveries });
  if (message.kind === 'command' && deliveries === 1) {
    metrics.record({ QueueAge: Math.max(0, systemClock.now() - Date.parse(message.receivedAt)) });
  }
  composed ??= compose();
  const { ports, queue } = composed;
  const budgetMs = Math.max(0, invocation.getRemainingTimeInMillis() - marginMs);
  const deadline = { atMs: ports.clock.now() + budgetMs, signal: AbortSignal.timeout(budgetMs) };
  const outcome = await runMessage({ ...ports, log }, message, deliveries, deadline);
  if (outcome.kind === 'done') return true;
  log.warn('a queue message is left for later', { why: outcome.why, afterSeconds: outcome.afterSeconds });
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
    const isWorked = batchItemFailures.length === 0 && (await work(record, context));
    if (!isWorked) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
};
