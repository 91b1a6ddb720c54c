import type { Clock } from '../../../core/base/clock.ts';

/** Counts calls by key against a rate. Returns the seconds to wait, or 0 when the call may go through. */
export type TokenBucket = (key: string) => number;

/** A bucket that refills by `perSecond` and holds `burst` at most. */
export const createTokenBucket = (clock: Clock, perSecond: number, burst: number): TokenBucket => {
  const levels = new Map<string, { tokens: number; at: number }>();
  return (key) => {
    const now = clock.now();
    const before = levels.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, before.tokens + ((now - before.at) / 1000) * perSecond);
    const granted = tokens >= 1;
    levels.set(key, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted ? 0 : Math.ceil((1 - tokens) / perSecond);
  };
};
