import * as z from 'zod';
import type { StateStore } from '../ports/state-store.ts';

const place = { collection: 'watch', key: 'last-round' } as const;

const lastRoundSchema = z.strictObject({
  /** Milliseconds since the epoch, of its end. */
  atMs: z.int(),
  durationMs: z.int(),
  /** How many endpoints it looked at. */
  endpoints: z.int(),
});

/** When watch last finished a round: whoever examines the deployment sees by it that watch is alive. */
export type LastRound = z.infer<typeof lastRoundSchema>;

export const saveLastRound = async (state: StateStore, round: LastRound, signal: AbortSignal): Promise<void> => {
  await state.put({ ...place, value: round }, false, signal);
};

export const readLastRound = async (state: StateStore, signal: AbortSignal): Promise<LastRound | undefined> =>
  lastRoundSchema.safeParse((await state.get(place.collection, place.key, signal))?.value).data;
