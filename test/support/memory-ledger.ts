import { type Ledger, LedgerUnavailable } from '../../lib/app/ports/ledger.ts';
import { sealedJson } from '../../lib/core/ledger/chain.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { dynamoDbItemOctets } from '../../lib/core/limits/limits.ts';

/** A ledger in memory, held to the same contract as the one in DynamoDB. `overwrite` and `remove` are an intruder's. */
export interface MemoryLedger extends Ledger {
  overwrite(stream: string, sequence: number, entry: Entry): void;
  remove(stream: string, sequence: number): void;
}

/** Few, so that days of tests have several pages. */
const entriesOfPage = 20;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** DynamoDB's limit for partition keys. */
const checkStream = (stream: string): void => {
  if (stream === '' || Buffer.byteLength(stream) > 2048) throw new RangeError('no partition key of DynamoDB');
};

const inTime = (signal: AbortSignal): void => {
  if (signal.aborted) throw new LedgerUnavailable('The ledger did not answer in time', { cause: signal.reason });
};

/** Whoever reads an entry cannot change it. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
};

/** Makes an empty one. */
export const createMemoryLedger = (): MemoryLedger => {
  const streams = new Map<string, Map<number, Entry>>();

  const entriesOf = (stream: string): readonly Entry[] =>
    [...(streams.get(stream) ?? [])].toSorted(([left], [right]) => left - right).map(([, entry]) => entry);

  const overwrite = (stream: string, sequence: number, entry: Entry): void => {
    const entries = streams.get(stream) ?? new Map<number, Entry>();
    streams.set(stream, entries.set(sequence, frozen(structuredClone(entry))));
  };

  return {
    read: async (stream, signal) => {
      inTime(signal);
      checkStream(stream);
      return entriesOf(stream);
    },
    head: async (stream, signal) => {
      inTime(signal);
      checkStream(stream);
      return entriesOf(stream).at(-1);
    },
    append: async (entry, signal) => {
      if (Buffer.byteLength(sealedJson(entry)) > dynamoDbItemOctets)
        throw new RangeError(`Entry ${entry.sequence} of ${entry.stream} is larger than DynamoDB takes`);
      inTime(signal);
      const standing = streams.get(entry.stream)?.get(entry.sequence);
      if (standing !== undefined) return standing.hash === entry.hash ? 'appended' : 'taken';
      overwrite(entry.stream, entry.sequence, entry);
      return 'appended';
    },
    byDay: async (day, from, signal, order = 'oldest first') => {
      inTime(signal);
      const entries = [...streams.values()]
        .flatMap((stream) => [...stream.values()])
        .filter((entry) => entry.at.startsWith(day))
        .toSorted(
          (left, right) =>
            compare(left.at, right.at) || compare(left.stream, right.stream) || left.sequence - right.sequence,
        );
      if (order === 'newest first') entries.reverse();
      const start = Number(from ?? 0);
      const end = start + entriesOfPage;
      const page = entries.slice(start, end).map((entry) => structuredClone(entry));
      return { entries: page, ...(end < entries.length ? { next: String(end) } : {}) };
    },
    overwrite,
    remove: (stream, sequence) => void streams.get(stream)?.delete(sequence),
  };
};
