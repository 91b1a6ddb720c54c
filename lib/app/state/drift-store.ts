import * as z from 'zod';
import type { StateStore } from '../ports/state-store.ts';

const drifts = 'drifts';

const driftedSchema = z.strictObject({
  /** Milliseconds since the epoch, of the comparison that found it first. */
  sinceMs: z.int(),
  finding: z.strictObject({ code: z.string(), text: z.string(), remedy: z.string() }),
});

/** A name for which ledger, marker and Route 53 do not say the same. */
export type Drifted = z.infer<typeof driftedSchema>;

/** By hostname; also of names that carry a marker of ours and are not registered. */
export const listDrifts = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, Drifted>> =>
  new Map(
    (await state.list(drifts, signal)).flatMap(({ key, value }) => {
      const parsed = driftedSchema.safeParse(value);
      return parsed.success ? [[key, parsed.data] as const] : [];
    }),
  );

export const saveDrift = async (
  state: StateStore,
  hostname: string,
  drifted: Drifted,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: drifts, key: hostname, value: drifted }, false, signal);
};

export const removeDrift = (state: StateStore, hostname: string, signal: AbortSignal): Promise<void> =>
  state.remove(drifts, hostname, signal);
