import type * as z from 'zod';
import type { Json, StateItem, StateStore } from '../ports/state-store.ts';

export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** A collection of the state table whose values have one schema. A value that an older version wrote, and this one cannot read, counts as absent. */
export const collectionOf = <Value>(collection: string, schema: z.ZodType<Value>) => {
  const item = (key: string, value: Value): StateItem => ({ collection, key, value: asJson(value) });
  return {
    item,
    read: async (state: StateStore, key: string, signal: AbortSignal): Promise<Value | undefined> =>
      schema.safeParse((await state.get(collection, key, signal))?.value).data,
    /** By key, ascending. */
    list: async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, Value>> =>
      new Map(
        (await state.list(collection, signal)).flatMap(({ key, value }) => {
          const parsed = schema.safeParse(value);
          return parsed.success ? [[key, parsed.data] as const] : [];
        }),
      ),
    save: async (state: StateStore, key: string, value: Value, signal: AbortSignal): Promise<void> => {
      await state.put(item(key, value), false, signal);
    },
    remove: (state: StateStore, key: string, signal: AbortSignal): Promise<void> =>
      state.remove(collection, key, signal),
  };
};
