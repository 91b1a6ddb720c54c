import * as z from 'zod';
import type { StateStore } from '../ports/state-store.ts';
import { collectionOf } from './collection.ts';

const lastRoundSchema = z.strictObject({
  /** Milliseconds since the epoch, of its end. */
  atMs: z.int(),
  durationMs: z.int(),
  /** How many endpoints it looked at. */
  endpoints: z.int(),
});

/** When watch last finished a round: whoever examines the deployment sees by it that watch is alive. */
export type LastRound = z.infer<typeof lastRoundSchema>;

const rounds = collectionOf('watch', lastRoundSchema);
const key = 'last-round';

export const saveLastRound = (state: StateStore, round: LastRound, signal: AbortSignal): Promise<void> =>
  rounds.save(state, key, round, signal);

export const readLastRound = (state: StateStore, signal: AbortSignal): Promise<LastRound | undefined> =>
  rounds.read(state, key, signal);
