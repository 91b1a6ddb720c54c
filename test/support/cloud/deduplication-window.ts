import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../../lib/core/base/clock.ts';

const windowMs = 5 * 60_000;

/**
 * Lets the five minutes in which SQS drops a repeat go by the test's clock. The emulator counts them on the wall, where a whole history takes less than a
 * second: whatever is sent again an hour later on the test's clock would be dropped as a repeat, for ever.
 */
export const deduplicateOnClock = (client: SQSClient, clock: Pick<Clock, 'now'>): void => {
  const windows = new Map<string, { readonly since: number; readonly number: number }>();
  const windowOf = (id: string): number => {
    const last = windows.get(id);
    if (last !== undefined && clock.now() - last.since < windowMs) return last.number;
    const number = (last?.number ?? 0) + 1;
    windows.set(id, { since: clock.now(), number });
    return number;
  };
  client.middlewareStack.add(
    (next) => (args) => {
      const { input } = args;
      const id = 'MessageDeduplicationId' in input ? input.MessageDeduplicationId : undefined;
      return next(
        id === undefined ? args : { ...args, input: { ...input, MessageDeduplicationId: `${id}.${windowOf(id)}` } },
      );
    },
    { step: 'initialize', name: 'deduplicateOnClock' },
  );
};
