import type { Entry } from '../../core/ledger/entry.ts';
import type { Ledger } from '../ports/ledger.ts';

/**
 * A ledger that remembers the streams that were read through it, with what was appended since, so that each is read once. Whoever appends to a stream that
 * has grown elsewhere is told so, and it is read again: a remembered stream may be old, and never leads to an entry in the wrong place.
 */
export const rememberedLedger = (ledger: Ledger): Ledger => {
  const known = new Map<string, readonly Entry[]>();
  return {
    ...ledger,
    read: async (stream, signal) => {
      const remembered = known.get(stream);
      if (remembered !== undefined) return remembered;
      const entries = await ledger.read(stream, signal);
      known.set(stream, entries);
      return entries;
    },
    append: async (entry, signal) => {
      const before = known.get(entry.stream);
      known.delete(entry.stream);
      const result = await ledger.append(entry, signal);
      if (result === 'appended' && before !== undefined && before.length === entry.sequence - 1)
        known.set(entry.stream, [...before, entry]);
      return result;
    },
  };
};
