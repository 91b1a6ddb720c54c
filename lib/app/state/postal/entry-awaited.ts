import * as z from 'zod';
import type { StateItem, StateStore } from '../../ports/state-store.ts';
import { asJson } from '../collection.ts';

const collection = 'entry-awaited';
/** Longer than that nobody expects an answer: `status` and `list --in-postal no` say what is still not entered. */
const keptSeconds = 30 * 86_400;

const awaitedSchema = z.object({
  hostname: z.string(),
  /** Where the change was announced. */
  channelId: z.string(),
  ts: z.string(),
  /** When it was first tried to post in the thread; ISO 8601. */
  since: z.string().optional(),
  isSaid: z.boolean(),
});
/** A new name that Postal did not have when it was registered: the thread of its announcement says when it has. */
export type EntryAwaited = z.output<typeof awaitedSchema>;

const itemOf = (changeId: string, awaited: EntryAwaited, nowMs: number): StateItem => ({
  collection,
  key: changeId,
  value: asJson(awaited),
  expiresAt: Math.ceil(nowMs / 1000) + keptSeconds,
});

/** Notes that a name is awaited in Postal; never again what was noted already, and may have been said. */
export const awaitEntry = async (
  state: StateStore,
  changeId: string,
  awaited: Omit<EntryAwaited, 'since' | 'isSaid'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  await state.put(itemOf(changeId, { ...awaited, isSaid: false }, nowMs), true, signal);
};

export const saveAwaited = async (
  state: StateStore,
  changeId: string,
  awaited: EntryAwaited,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  await state.put(itemOf(changeId, awaited, nowMs), false, signal);
};

export const findAwaited = async (
  state: StateStore,
  changeId: string,
  signal: AbortSignal,
): Promise<EntryAwaited | undefined> =>
  awaitedSchema.safeParse((await state.get(collection, changeId, signal))?.value).data;

/** The hostnames of which it has not been said yet, by change. */
export const listAwaited = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await state.list(collection, signal)).flatMap(({ key, value }) => {
      const { data } = awaitedSchema.safeParse(value);
      return data === undefined || data.isSaid ? [] : [[key, data.hostname] as const];
    }),
  );
