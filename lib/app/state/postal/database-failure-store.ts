import * as z from 'zod';
import { withinJsonOctets } from '../../../core/limits/octets.ts';
import type { StateStore } from '../../ports/state-store.ts';

const collection = 'postal-database';
const key = 'last-failure';
/** By then there was another, or the failure no longer matters. */
const keptSeconds = 3_600;
const messageOctets = 1_000;

const failureSchema = z.object({
  /** Milliseconds since the epoch. */
  atMs: z.number(),
  /** For a person. */
  message: z.string(),
});
/** When and why Postal's database could not be read. */
export type DatabaseFailure = z.infer<typeof failureSchema>;

export const saveDatabaseFailure = async (
  state: StateStore,
  { atMs, message }: DatabaseFailure,
  signal: AbortSignal,
): Promise<void> => {
  const value = { atMs, message: withinJsonOctets(message, messageOctets) };
  await state.put({ collection, key, value, expiresAt: Math.ceil(atMs / 1000) + keptSeconds }, false, signal);
};

/** The last failure, for an hour. */
export const findDatabaseFailure = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<DatabaseFailure | undefined> =>
  failureSchema.safeParse((await state.get(collection, key, signal))?.value).data;
