import { type Health, healthSchema } from '../../core/watch/health.ts';
import type { Json, StateStore } from '../ports/state-store.ts';

const healths = 'healths';

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** What watch remembers, by hostname. What an older version wrote and this one cannot read is begun anew. */
export const listHealths = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, Health>> =>
  new Map(
    (await state.list(healths, signal)).flatMap(({ key, value }) => {
      const parsed = healthSchema.safeParse(value);
      return parsed.success ? [[key, parsed.data] as const] : [];
    }),
  );

/** What watch remembers of one hostname. */
export const readHealth = async (
  state: StateStore,
  hostname: string,
  signal: AbortSignal,
): Promise<Health | undefined> => healthSchema.safeParse((await state.get(healths, hostname, signal))?.value).data;

export const saveHealth = async (
  state: StateStore,
  hostname: string,
  health: Health,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: healths, key: hostname, value: asJson(health) }, false, signal);
};

/** Of a hostname that is registered no more. */
export const forgetHealth = (state: StateStore, hostname: string, signal: AbortSignal): Promise<void> =>
  state.remove(healths, hostname, signal);
