import { canonicalJson } from '../../core/base/digest.ts';
import { entryHash } from '../../core/ledger/chain.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { entrySchema, faultsIn } from '../../core/ledger/entry-schema.ts';

/** What is known of one stream of a file, up to its last line so far. */
type Stream = { first: number; sequence: number; hash: string; entries: number; gaps: number };

/** What the lines of an export come to. */
export type LinesVerification = {
  readonly entries: number;
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  readonly streams: ReadonlyMap<string, Readonly<Stream>>;
};

const beforeTheFirst = '0'.repeat(64);
/** More than these say nothing new. */
const faultsAtMost = 100;

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** None where the content has no RFC 8785 JSON, as with a lone surrogate, which the ledger never writes. */
const hashOf = (entry: Entry): string | undefined => {
  try {
    return entryHash(entry);
  } catch {
    return undefined;
  }
};

/** What is wrong with a line, looking at it alone; the entry if nothing is. */
const readLine = (text: string): Entry | string => {
  const parsed = entrySchema.safeParse(parsedJson(text));
  if (!parsed.success) return `is not an entry: ${faultsIn(parsed.error)}`;
  const entry = parsed.data;
  const name = `entry ${entry.sequence} of ${entry.stream}`;
  const hash = hashOf(entry);
  if (hash !== entry.hash) return `${name} was edited: its hash is ${entry.hash}, its content gives ${hash ?? 'none'}`;
  return canonicalJson(entry) === text ? entry : `${name} is not written as it was hashed, in the JSON of RFC 8785`;
};

const linkFault = ({ stream, sequence, previousHash }: Entry, before: Stream | undefined): string | undefined => {
  if (before !== undefined && sequence <= before.sequence)
    return `entry ${sequence} of ${stream} comes after entry ${before.sequence}: duplicate or out of order`;
  const expected = sequence === 1 ? beforeTheFirst : before?.sequence === sequence - 1 ? before.hash : previousHash;
  return previousHash === expected
    ? undefined
    : `entry ${sequence} of ${stream} does not follow the entry before it: it names ${previousHash}, not ${expected}`;
};

/**
 * Checks exported entries line by line, one in memory at a time: every hash, and every link between entries that follow each other. Entries that are left
 * out, as by a filter, are counted as gaps, for a file alone cannot tell them from stolen ones.
 */
export const createLinesVerifier = (): { take(text: string): void; verification(): LinesVerification } => {
  const streams = new Map<string, Stream>();
  const faults: { line: number; message: string }[] = [];
  let line = 0;
  let entries = 0;
  return {
    take: (text) => {
      line += 1;
      if (text === '') return;
      const entry = readLine(text);
      const before = typeof entry === 'string' ? undefined : streams.get(entry.stream);
      const message = typeof entry === 'string' ? entry : linkFault(entry, before);
      if (message !== undefined && faults.length < faultsAtMost) faults.push({ line, message });
      if (typeof entry === 'string') return;
      entries += 1;
      const { sequence, hash } = entry;
      const gaps = (before?.gaps ?? 0) + (sequence > (before?.sequence ?? 0) + 1 ? 1 : 0);
      streams.set(entry.stream, {
        first: before?.first ?? sequence,
        sequence,
        hash,
        entries: (before?.entries ?? 0) + 1,
        gaps,
      });
    },
    verification: () => ({ entries, faults, streams }),
  };
};
