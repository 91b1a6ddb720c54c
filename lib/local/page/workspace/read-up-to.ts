import type { ReadUpTo } from './workspace-state.ts';

const keyOf = (userId: string): string => `read-up-to ${userId}`;

/** How far this user has read, as this browser remembers it; `undefined` on a first visit. */
export const loadReadUpTo = (userId: string): ReadUpTo | undefined => {
  const stored: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? 'null');
  if (typeof stored !== 'object' || stored === null) return undefined;
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
};

export const saveReadUpTo = (userId: string, readUpTo: ReadUpTo): void =>
  localStorage.setItem(keyOf(userId), JSON.stringify(readUpTo));
