import * as z from 'zod';
import { bucketOf } from '../../core/watch/health/samples.ts';
import type { StateStore } from '../ports/state-store.ts';

const lookTimes = 'look-times';

/** Seconds since the epoch, by hostname. */
const timesSchema = z.record(z.string(), z.int());

/** When each endpoint was last looked at, milliseconds since the epoch, to the second. */
export const listLookTimes = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await state.list(lookTimes, signal)).flatMap(({ value }) =>
      Object.entries(timesSchema.safeParse(value).data ?? {}).map(
        ([hostname, seconds]) => [hostname, seconds * 1000] as const,
      ),
    ),
  );

/** Writes the items that hold these; `all` are the times of every endpoint that there is, these among them. Losing them costs one look too many. */
export const saveLookTimes = async (
  state: StateStore,
  looked: readonly string[],
  all: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<void> => {
  const touched = new Set(looked.map(bucketOf));
  const buckets = Map.groupBy(all, ([hostname]) => bucketOf(hostname));
  await Promise.all(
    [...touched].map((bucket) => {
      const value = Object.fromEntries(
        (buckets.get(bucket) ?? []).map(([hostname, atMs]) => [hostname, Math.floor(atMs / 1000)]),
      );
      return state.put({ collection: lookTimes, key: bucket, value }, false, signal);
    }),
  );
};
