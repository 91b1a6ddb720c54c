import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createDynamoDbLedger } from '../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../lib/adapters/aws/dynamodb-state-store.ts';
import { createLambdaProber } from '../lib/adapters/aws/lambda-prober.ts';
import { lazyZoneListing, lazyZoneStore } from '../lib/adapters/aws/lazy-zone-store.ts';
import { meteredLedger } from '../lib/adapters/aws/metered-ledger.ts';
import { createSecrets } from '../lib/adapters/aws/secrets.ts';
import { createSqsCommandQueue } from '../lib/adapters/aws/sqs-command-queue.ts';
import { functionName, workerConfig } from '../lib/adapters/config.ts';
import { loadPolicy, loadPostalProfile } from '../lib/adapters/config-files.ts';
import { lazyDestinations, meteredDestinations } from '../lib/adapters/destinations/metered-destinations.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { embeddedMetricsWriter } from '../lib/adapters/metrics.ts';
import { resvgRenderer } from '../lib/adapters/resvg-renderer.ts';
import { meteredMessenger } from '../lib/adapters/slack/metered-messenger.ts';
import { createWebApiFileDownload } from '../lib/adapters/slack/web-api-file-download.ts';
import { createWebApiFileUpload } from '../lib/adapters/slack/web-api-file-upload.ts';
import { createWebApiMessenger } from '../lib/adapters/slack/web-api-messenger.ts';
import { createWebApiSlackApp } from '../lib/adapters/slack/web-api-slack-app.ts';
import { createWebApiUserGroups } from '../lib/adapters/slack/web-api-user-groups.ts';
import { createWebApiWitness } from '../lib/adapters/slack/web-api-witness.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import type { CommandQueue } from '../lib/app/ports/command-queue.ts';
import { withFields } from '../lib/app/ports/logger.ts';
import type { Ports } from '../lib/app/ports/ports.ts';
import { cachedUserGroups } from '../lib/app/ports/user-groups.ts';
import { parseMessage } from '../lib/app/queue/parse-message.ts';
import { logFieldsOf } from '../lib/app/worker/log-fields.ts';
import { runMessage } from '../lib/app/worker/run.ts';

/**
 * A large zone has many pages of 300 record sets; the account's rate of requests is for single changes, too. People wait for these listings, so the first pages
 * of each, 2,000 endpoints, come without a pause: less than a third of the burst of 50 requests that Route 53 lets an account make.
 */
const listingPace = { pageEveryMs: 200, pagesWithoutPause: 15 };
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
      zones: lazyZoneStore(async () =>
        (await import('../lib/adapters/aws/route53-zone-store.ts')).createRoute53ZoneStore(),
      ),
      zoneListing: lazyZoneListing(async () =>
        (await import('../lib/adapters/aws/route53-zone-listing.ts')).createRoute53ZoneListing(listingPace),
      ),
      prober,
      batchProber: prober,
      messenger: meteredMessenger(createWebApiMessenger({ botToken, slackApiUrl: config.slackApiUrl }), metrics),
      files: createWebApiFileUpload({ botToken, slackApiUrl: config.slackApiUrl, clock: systemClock }),
      givenFiles: createWebApiFileDownload({ botToken, slackApiUrl: config.slackApiUrl }),
      charts: resvgRenderer,
      witness: createWebApiWitness({ botToken, slackApiUrl: config.slackApiUrl, clock: systemClock }),
      slackApp: createWebApiSlackApp({ secrets: readSecrets, slackApiUrl: config.slackApiUrl }),
      destinations: meteredDestinations(
        lazyDestinations(async () =>
          (await import('../lib/adapters/destinations/destinations.ts')).createDestinations({
            credentials: config.credentials,
            now: systemClock.now,
            mayReachLoopback: config.mayReachLoopback,
            ...(config.snsEndpointUrl === undefined ? {} : { endpointUrl: config.snsEndpointUrl }),
            keys: async () => (await readSecrets()).destinationKeys ?? {},
          }),
        ),
        metrics,
      ),
      queue,
      policy: loadPolicy(config.policyFile),
      userGroups: cachedUserGroups(
        createWebApiUserGroups({ botToken, slackApiUrl: config.slackApiUrl, log: baseLog }),
        systemClock,
      ),
      profile: loadPostalProfile(config.postalProfileFile),
      log: baseLog,
      ...(config.workers === undefined ? {} : { workers: config.workers }),
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
    baseLog.error('a queue message cannot be read; it goes to the dead-letter queue', {
      awsRequestId,
      reason: parsed.reason,
    });
    return false;
  }
  const { message } = parsed;
  const deliveries = Number(attributes.ApproximateReceiveCount);
  const log = withFields(baseLog, { awsRequestId, ...logFieldsOf(message), deliveries });
  if (message.kind === 'command' && message.toAdmit === undefined && deliveries === 1) {
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
