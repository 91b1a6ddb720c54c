import type { Clock } from '../../core/base/clock.ts';
import type { StateStore } from '../ports/state-store.ts';

const leases = 'leases';
/** So long before its end a lease is no longer given back: by then the next holder may have it. */
const marginMs = 5_000;

/** The right to be the only one at some work, until it is over or given back. */
export type Lease = {
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
  /** Gives it back; left to expire where that is near, or where another has it now. */
  release(signal: AbortSignal): Promise<void>;
};

const tokenOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'token' in value ? value.token : undefined;

/**
 * Takes the lease of this name for `seconds`, or none where somebody has it. Who dies with it keeps it until it expires; the next one gets it then.
 * `token` tells this holder from all others.
 */
export const takeLease = async (
  { state, clock }: { readonly state: StateStore; readonly clock: Pick<Clock, 'now'> },
  name: string,
  seconds: number,
  token: string,
  signal: AbortSignal,
): Promise<Lease | undefined> => {
  const expiresAt = Math.floor(clock.now() / 1000) + seconds;
  const untilMs = expiresAt * 1000;
  if ((await state.put({ collection: leases, key: name, value: { token }, expiresAt }, true, signal)) === 'exists')
    return undefined;
  return {
    untilMs,
    release: async (releaseSignal) => {
      if (clock.now() + marginMs >= untilMs) return;
      const standing = await state.get(leases, name, releaseSignal);
      if (tokenOf(standing?.value) === token) await state.remove(leases, name, releaseSignal);
    },
  };
};

/** The token of whoever holds a lease. */
export const holderOf = async (state: StateStore, name: string, signal: AbortSignal): Promise<unknown> =>
  tokenOf((await state.get(leases, name, signal))?.value);

/** Ends a lease whose holder is known to run no more. */
export const endLease = (state: StateStore, name: string, signal: AbortSignal): Promise<void> =>
  state.remove(leases, name, signal);
