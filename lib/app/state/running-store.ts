import * as z from 'zod';
import type { Actor } from '../../core/ledger/entry.ts';
import type { Running } from '../../core/shares/fair-shares.ts';
import type { StateStore } from '../ports/state-store.ts';

const running = 'running';
const commandCounts = 'command-counts';
/** A worker lives 90 s: what has not ended by then has died, and is worked again. */
const longestWorkSeconds = 95;
/** What waits is waited for by the person's later changes; longer only where the queue has lost it. */
const longestWaitSeconds = 3_600;
const hourSeconds = 3_600;

const runningSchema = z.strictObject({
  person: z.string(),
  kind: z.enum(['check', 'check-many', 'change', 'waiting']),
  target: z.string(),
});
const countSchema = z.int();

/** By whom budgets are counted. */
export const personOf = ({ teamId, userId }: Pick<Actor, 'teamId' | 'userId'>): string => `${teamId}:${userId}`;

/** What is being worked, or waits to be, of everybody, but the request itself. */
export const listRunning = async (
  state: StateStore,
  requestId: string,
  signal: AbortSignal,
): Promise<readonly Running[]> =>
  (await state.list(running, signal)).flatMap(({ key, value }) =>
    key === requestId ? [] : (runningSchema.safeParse(value).data ?? []),
  );

export const saveRunning = async (
  state: StateStore,
  requestId: string,
  work: Running,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const expiresAt = Math.floor(nowMs / 1000) + (work.kind === 'waiting' ? longestWaitSeconds : longestWorkSeconds);
  await state.put({ collection: running, key: requestId, value: work, expiresAt }, false, signal);
};

export const removeRunning = (state: StateStore, requestId: string, signal: AbortSignal): Promise<void> =>
  state.remove(running, requestId, signal);

const counted = async (
  state: StateStore,
  collection: string,
  person: string,
  seconds: number,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> => {
  const slot = Math.floor(nowMs / 1000 / seconds);
  const key = `${person} ${slot}`;
  const count = (countSchema.safeParse((await state.get(collection, key, signal))?.value).data ?? 0) + 1;
  await state.put({ collection, key, value: count, expiresAt: (slot + 2) * seconds }, false, signal);
  return count;
};

/** Counts a command of a person; how many it makes in this minute. One person's commands are admitted one at a time. */
export const countCommand = (state: StateStore, person: string, nowMs: number, signal: AbortSignal): Promise<number> =>
  counted(state, commandCounts, person, 60, nowMs, signal);

/** Counts a refusal of a person, or a denial of a right; how many it makes in this hour. Two at once may be counted as one. */
export const countRefusal = (
  state: StateStore,
  what: 'denial' | 'refusal',
  person: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> => counted(state, `${what}-counts`, person, hourSeconds, nowMs, signal);
