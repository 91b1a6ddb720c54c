import type { StateItem, StateStore } from '../../lib/app/ports/state-store.ts';
import { checkExpiry } from '../../lib/app/state/expiry.ts';

/** A state store that keeps what is put into it, to be written all at once. */
export const collectedState = (): { readonly state: StateStore; items(): readonly StateItem[] } => {
  const items = new Map<string, StateItem>();
  const keyOf = (collection: string, key: string): string => JSON.stringify([collection, key]);
  return {
    items: () => [...items.values()],
    state: {
      get: async (collection, key) => items.get(keyOf(collection, key)),
      list: async (collection) => [...items.values()].filter((item) => item.collection === collection),
      put: async (item, onlyIfAbsent) => {
        checkExpiry(item);
        const key = keyOf(item.collection, item.key);
        if (onlyIfAbsent && items.has(key)) return 'exists';
        items.set(key, item);
        return 'stored';
      },
      remove: async (collection, key) => void items.delete(keyOf(collection, key)),
    },
  };
};
