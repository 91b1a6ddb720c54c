import type { StateItem, StateStore } from '../ports/state-store.ts';

/** The same store for the making of one answer: the parts of an answer that need the same collection read it together, once. */
export const listedOnce = (state: StateStore): StateStore => {
  const lists = new Map<string, Promise<readonly StateItem[]>>();
  return {
    ...state,
    list: (collection, signal) => {
      const list = lists.get(collection) ?? state.list(collection, signal);
      lists.set(collection, list);
      return list;
    },
  };
};
