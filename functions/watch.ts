import type { Context } from 'aws-lambda';
import { type WatchPorts, watch } from '../lib/commands/watch.ts';
import { watchConfig } from '../lib/config.ts';
import { createDynamoDbLedger } from '../lib/ledger/dynamodb-ledger.ts';
import { jsonLogger } from '../lib/log.ts';
import { createSqsCommandQueue } from '../lib/queue/sqs-command-queue.ts';
import { createSqsDeadLetters } from '../lib/queue/sqs-dead-letters.ts';
import { createDynamoDbStateStore } from '../lib/state/dynamodb-state-store.ts';
import { systemClock } from '../lib/system-clock.ts';

/** What Lambda takes to end an invocation in good order. */
const marginMs = 2_000;

const compose = (): WatchPorts => {
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

let ports: WatchPorts | undefined;

/** Watch: finds what was interrupted, has expired or was given up, and enqueues it for the worker. It never changes anything itself. */
export const handler = async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<{ readonly handedOver: number }> => {
  ports ??= compose();
  return { handedOver: await watch(ports, AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - marginMs))) };
};
