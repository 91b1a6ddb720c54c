import type { Snapshot } from '../../core/postal/audit/snapshot.ts';

const keptMs = 60_000;

/** Reads the newest snapshot at most once a minute: a thousand webhooks in a row ask for the same one. What failed is tried again. */
export const cachedSnapshot = (
  read: (signal: AbortSignal) => Promise<Snapshot | undefined>,
  now: () => number,
): ((signal: AbortSignal) => Promise<Snapshot | undefined>) => {
  let cached: { readonly snapshot: Snapshot | undefined; readonly atMs: number } | undefined;
  return async (signal) => {
    if (cached !== undefined && now() - cached.atMs < keptMs) return cached.snapshot;
    const snapshot = await read(signal);
    cached = { snapshot, atMs: now() };
    return snapshot;
  };
};
