import { type LastRound, lastRoundSchema } from '../../core/watch/incident/rounds.ts';
import type { StateStore } from '../ports/state-store.ts';
import { collectionOf } from './collection.ts';

const rounds = collectionOf('watch', lastRoundSchema);
const key = 'last-round';

export const saveLastRound = (state: StateStore, round: LastRound, signal: AbortSignal): Promise<void> =>
  rounds.save(state, key, round, signal);

export const readLastRound = (state: StateStore, signal: AbortSignal): Promise<LastRound | undefined> =>
  rounds.read(state, key, signal);
