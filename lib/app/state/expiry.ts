import type { StateItem } from '../ports/state-store.ts';

/** Whether an item counts as gone, even if the time to live has not deleted it yet. */
export const hasExpired = ({ expiresAt }: Pick<StateItem, 'expiresAt'>, nowMs: number): boolean =>
  expiresAt !== undefined && expiresAt * 1000 <= nowMs;

/** Throws `RangeError` for an expiry that the time to live would not understand. */
export const checkExpiry = ({ collection, key, expiresAt }: StateItem): void => {
  if (expiresAt === undefined || Number.isSafeInteger(expiresAt)) return;
  throw new RangeError(`expiresAt of ${collection}/${key} is ${expiresAt}; it must be whole seconds since the epoch`);
};
