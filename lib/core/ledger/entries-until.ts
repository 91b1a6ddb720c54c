import type { Entry } from './entry.ts';

/** The entries of a stream, in order, that had been written at a moment (milliseconds since the epoch): everything before the first later one. */
export const entriesUntil = (entries: readonly Entry[], atMs: number): readonly Entry[] => {
  const later = entries.findIndex(({ at }) => Date.parse(at) > atMs);
  return later === -1 ? entries : entries.slice(0, later);
};
