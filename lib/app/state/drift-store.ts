import { type Drifted, driftedSchema } from '../../core/watch/drifted.ts';
import type { StateStore } from '../ports/state-store.ts';

const drifts = 'drifts';

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
