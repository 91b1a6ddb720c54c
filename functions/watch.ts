import type { Context } from 'aws-lambda';
import { functionName, watchConfig } from '../lib/config.ts';
import { createDynamoDbLedger } from '../lib/ledger/dynamodb-ledger.ts';
import { jsonLogger, withFields } from '../lib/log.ts';
import { embeddedMetricsWriter } from '../lib/metrics.ts';
import { createSqsCommandQueue } from '../lib/queue/sqs-command-queue.ts';
import { createSqsDeadLetters } from '../lib/queue/sqs-dead-letters.ts';
import { createDynamoDbStateStore } from '../lib/state/dynamodb-state-store.ts';
import { systemClock } from '../lib/system-clock.ts';
import { handOverUnfinished, type UnfinishedPorts } from '../lib/watch/unfinished-business.ts';

/** What Lambda takes to end an invocation in good order. */
const marginMs = 2_000;

const metrics = embeddedMetricsWriter({ functionName: functionName(), now: systemClock.now });

const compose = (): UnfinishedPorts => {
  const config = watchConfig();
  return {
    clock: systemClock,
    log: jsonLogger({ function: 'watch' }),
    ledger: createDynamoDbLedger({ table: config.ledgerTable }),
    state: createDynamoDbStateStore({ table: config.stateTable, clock: systemClock }),
    queue: createSqsCommandQueue({ queueUrl: config.queueUrl }),
    deadLetters: createSqsDeadLetters({ queueUrl: config.deadLetterQueueUrl }),
  };
};

let ports: UnfinishedPorts | undefined;

/** Watch: finds what was interrupted, has expired or was given up, and enqueues it for the worker. It never changes anything itself. */
export const handler = async (
  _event: unknown,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<{ readonly handedOver: number }> => {
  const startedMs = performance.now();
  ports ??= compose();
  const log = withFields(ports.log, { awsRequestId: context.awsRequestId });
  const handedOver = await handOverUnfinished({ ...ports, log }, AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - marginMs)));
  metrics.record({ WatchRoundTime: Math.round(performance.now() - startedMs) });
  return { handedOver };
};
