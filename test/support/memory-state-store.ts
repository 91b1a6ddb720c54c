import { type StateItem, type StateStore, StateUnavailable } from '../../lib/app/ports/state-store.ts';
import { checkExpiry, hasExpired } from '../../lib/app/state/expiry.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import { dynamoDbItemOctets } from '../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../lib/core/limits/octets.ts';

/** DynamoDB's limits for keys. */
const checkKey = (collection: string, key?: string): void => {
  if (collection === '' || Buffer.byteLength(collection) > 2048) throw new RangeError('no partition key of DynamoDB');
  if (key !== undefined && (key === '' || Buffer.byteLength(key) > 1024))
    throw new RangeError('no sort key of DynamoDB');
};

const inTime = (signal: AbortSignal): void => {
  if (signal.aborted) throw new StateUnavailable('The state table did not answer in time', { cause: signal.reason });
};

/** A state store in memory, held to the same contract as the one in DynamoDB. */
export const createMemoryStateStore = (clock: Clock): StateStore => {
  const collections = new Map<string, Map<string, StateItem>>();
  const isLive = (item: StateItem): boolean => !hasExpired(item, clock.now());
  const live = (collection: string, key: string): StateItem | undefined => {
    const item = collections.get(collection)?.get(key);
    return item && isLive(item) ? structuredClone(item) : undefined;
  };
  return {
    get: async (collection, key, signal) => {
      inTime(signal);
      checkKey(collection, key);
      return live(collection, key);
    },
    list: async (collection, signal) => {
      inTime(signal);
      checkKey(collection);
      return [...(collections.get(collection)?.values() ?? [])]
        .filter(isLive)
        .toSorted((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)))
        .map((item) => structuredClone(item));
    },
    put: async (item, onlyIfAbsent, signal) => {
      checkExpiry(item);
      inTime(signal);
      checkKey(item.collection, item.key);
      if (jsonOctets(item) > dynamoDbItemOctets)
        throw new RangeError(`The item ${item.collection}/${item.key} is larger than DynamoDB takes`);
      if (onlyIfAbsent && live(item.collection, item.key) !== undefined) return 'exists';
      const items = collections.get(item.collection) ?? new Map<string, StateItem>();
      collections.set(item.collection, items.set(item.key, structuredClone(item)));
      return 'stored';
    },
    remove: async (collection, key, signal) => {
      inTime(signal);
      collections.get(collection)?.delete(key);
    },
  };
};
