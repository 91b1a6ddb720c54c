import * as z from 'zod';
import { type Heartbeat, heartbeatSchema } from '../../core/watch/incident/rounds.ts';
import type { StateStore } from '../ports/state-store.ts';
import { collectionOf } from './collection.ts';

const heartbeats = collectionOf('watch', heartbeatSchema);
const answers = collectionOf('watch', z.strictObject({ sentAtMs: z.int() }));

/** What watch knows of its heartbeats; watch alone writes it. */
export const readHeartbeat = (state: StateStore, signal: AbortSignal): Promise<Heartbeat | undefined> =>
  heartbeats.read(state, 'heartbeat', signal);

export const saveHeartbeat = (state: StateStore, value: Heartbeat, signal: AbortSignal): Promise<void> =>
  heartbeats.save(state, 'heartbeat', value, signal);

/** When the last heartbeat that the worker answered was sent; the worker alone writes it. */
export const readAnswer = async (state: StateStore, signal: AbortSignal): Promise<number | undefined> =>
  (await answers.read(state, 'heartbeat-answer', signal))?.sentAtMs;

export const saveAnswer = (state: StateStore, sentAtMs: number, signal: AbortSignal): Promise<void> =>
  answers.save(state, 'heartbeat-answer', { sentAtMs }, signal);
