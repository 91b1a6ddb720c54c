import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { createDynamoDbLedger } from '../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../lib/adapters/aws/dynamodb-state-store.ts';
import { createLambdaPostalDatabase } from '../lib/adapters/aws/lambda-postal-database.ts';
import { createLambdaProber } from '../lib/adapters/aws/lambda-prober.ts';
import { createRoute53ZoneListing } from '../lib/adapters/aws/route53-zone-listing.ts';
import { createSqsCommandQueue } from '../lib/adapters/aws/sqs-command-queue.ts';
import { createSqsDeadLetters } from '../lib/adapters/aws/sqs-dead-letters.ts';
import { functionName, watchConfig } from '../lib/adapters/config.ts';
import { loadPolicy, loadPostalProfile } from '../lib/adapters/config-files.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { embeddedMetricsWriter } from '../lib/adapters/metrics.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { withFields } from '../lib/app/ports/logger.ts';
import { type Watched, watch } from '../lib/app/watch/watch.ts';
import type { WatchPorts } from '../lib/app/watch/watch-ports.ts';

/** What Lambda takes to end an invocation in good order. */
const marginMs = 2_000;
/** So long another run waits at most for one that died; what is not looked at by then has its turn in the next. */
const longestRunMs = 110_000;
/** Half of the account's 10 requests/s. */
const listEveryMs = 200;

const metrics = embeddedMetricsWriter({ functionName: functionName(), now: systemClock.now });

const compose = (): WatchPorts => {
  const config = watchConfig();
  return {
    clock: systemClock,
    log: jsonLogger({ function: 'watch' }),
    ledger: createDynamoDbLedger({ table: config.ledgerTable }),
    state: createDynamoDbStateStore({ table: config.stateTable, clock: systemClock }),
    queue: createSqsCommandQueue({ queueUrl: config.queueUrl }),
    deadLetters: createSqsDeadLetters({ queueUrl: config.deadLetterQueueUrl }),
    prober: createLambdaProber(config.proberFunction),
    zones: createRoute53ZoneListing({ pageEveryMs: listEveryMs }),
    policy: loadPolicy(config.policyFile),
    profile: loadPostalProfile(config.postalProfileFile),
    newToken: randomUUID,
    ...(config.postalDatabaseFunction === undefined
      ? {}
      : { database: createLambdaPostalDatabase(config.postalDatabaseFunction) }),
  };
};

let ports: WatchPorts | undefined;

/** Watch: looks at the endpoints, finds drift and what was interrupted, has expired or was given up, and enqueues it for the worker. It changes no name. */
export const handler = async (
  _event: unknown,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<Watched> => {
  const startedMs = performance.now();
  ports ??= compose();
  const log = withFields(ports.log, { awsRequestId: context.awsRequestId });
  const budgetMs = Math.min(longestRunMs, Math.max(0, context.getRemainingTimeInMillis() - marginMs));
  const deadline = { atMs: systemClock.now() + budgetMs, signal: AbortSignal.timeout(budgetMs) };
  const watched = await watch({ ...ports, log }, deadline);
  if (watched.kind === 'watched') {
    const { up = 0, degraded = 0, plaintext = 0, drifted = 0, down = 0, inconclusive = 0 } = watched.look?.states ?? {};
    metrics.record({
      WatchRoundTime: Math.round(performance.now() - startedMs),
      EndpointsUp: up,
      EndpointsDegraded: degraded,
      EndpointsPlaintext: plaintext,
      EndpointsDrifted: drifted,
      EndpointsDown: down,
      EndpointsDownUnmuted: watched.look?.downUnmuted ?? 0,
      EndpointsInconclusive: inconclusive,
    });
  }
  return watched;
};
