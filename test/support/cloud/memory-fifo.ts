import type { DeadLetters } from '../../../lib/app/ports/dead-letters.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { deduplicationId, messageGroup } from '../../../lib/app/queue/message-group.ts';
import { parseMessage } from '../../../lib/app/queue/parse-message.ts';
import type { Clock } from '../../../lib/core/base/clock.ts';
import type { Delivery, MessageSource } from './cloud.ts';

const deduplicationMs = 5 * 60_000;
const visibilityMs = 100_000;
const maxReceiveCount = 20;

type Item = { readonly body: string; readonly group: string; deliveries: number; visibleAt: number };

/** A FIFO queue in memory that keeps SQS's rules on the clock: groups in order, deduplication, visibility, deliveries counted, dead letters. */
export interface MemoryFifo extends MessageSource {
  send(message: QueueMessage): Promise<void>;
  readonly deadLetters: DeadLetters;
}

const read = (body: string): QueueMessage => {
  const parsed = parseMessage(body);
  if (!parsed.ok) throw new Error(`a message cannot be read: ${parsed.reason}`);
  return parsed.message;
};

/** Makes an empty one. */
export const createMemoryFifo = (clock: Pick<Clock, 'now'>): MemoryFifo => {
  let items: Item[] = [];
  let dead: { readonly body: string; readonly receiptHandle: string }[] = [];
  const lastSentAt = new Map<string, number>();
  let serial = 0;

  const remove = (item: Item): void => {
    items = items.filter((other) => other !== item);
  };
  const bury = (item: Item): void => {
    remove(item);
    dead = [...dead, { body: item.body, receiptHandle: `dead-${++serial}` }];
  };

  /** The first of every group: what is behind has to wait for it. */
  const firsts = (): readonly Item[] => {
    const seen = new Set<string>();
    return items.filter(({ group }) => !seen.has(group) && seen.add(group));
  };
  const receivable = (now: number): readonly Item[] => firsts().filter(({ visibleAt }) => visibleAt <= now);

  const hand = (item: Item): Delivery => {
    item.deliveries += 1;
    item.visibleAt = clock.now() + visibilityMs;
    return {
      message: read(item.body),
      deliveries: item.deliveries,
      done: async () => remove(item),
      retryIn: async (seconds) => {
        item.visibleAt = clock.now() + seconds * 1000;
      },
      abandon: async () => undefined,
      bury: async () => bury(item),
    };
  };

  return {
    send: async (message) => {
      const id = deduplicationId(message);
      const now = clock.now();
      const last = lastSentAt.get(id);
      if (last !== undefined && now - last < deduplicationMs) return;
      lastSentAt.set(id, now);
      items = [
        ...items,
        { body: JSON.stringify(message), group: messageGroup(message), deliveries: 0, visibleAt: now },
      ];
    },
    receive: async (choose = () => 0) => {
      for (const item of receivable(clock.now())) if (item.deliveries >= maxReceiveCount) bury(item);
      const ready = receivable(clock.now());
      const item = ready[choose(ready.length)];
      return item && hand(item);
    },
    nextAtMs: () => (items.length === 0 ? undefined : Math.min(...firsts().map(({ visibleAt }) => visibleAt))),
    deadLetters: {
      receive: async () => dead.slice(0, 10),
      remove: async (receiptHandle) => {
        dead = dead.filter((letter) => letter.receiptHandle !== receiptHandle);
      },
    },
  };
};
