import { canonicalJson, digestOf } from '../base/digest.ts';
import type { Entry, EntryBody } from './entry.ts';
import { entrySchema, faultsIn } from './entry-schema.ts';

const beforeTheFirst = '0'.repeat(64);

/** Why a stream is not the chain that was written. */
type ChainFault = {
  readonly ok: false;
  /** The sequence number that should have been at this place. */
  readonly sequence: number;
  readonly reason: 'unreadable' | 'wrong-stream' | 'hash-mismatch' | 'gap' | 'broken-link';
  /** A sentence for a person. */
  readonly message: string;
};

export type ChainVerdict = { readonly ok: true; readonly head: string | null } | ChainFault;

/** The hash that belongs to an entry: over every field but `hash` itself. */
export const entryHash = ({ stream, sequence, at, previousHash, body }: Omit<Entry, 'hash'>): string =>
  digestOf({ stream, sequence, at, previousHash, body });

// An entry must equal what is read back and have an RFC 8785 JSON whatever people typed: members that are undefined
// go, and a lone surrogate becomes U+FFFD.
const asStored = (body: EntryBody): EntryBody =>
  JSON.parse(JSON.stringify(body), (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));

/** The entry that comes after `previous` in its stream, or the first of the stream when there is none. */
export const link = (previous: Entry | undefined, stream: string, at: string, body: EntryBody): Entry => {
  if (previous !== undefined && previous.stream !== stream) {
    throw new RangeError(`An entry of stream ${stream} cannot follow one of stream ${previous.stream}`);
  }
  const unhashed = {
    stream,
    sequence: (previous?.sequence ?? 0) + 1,
    at,
    previousHash: previous?.hash ?? beforeTheFirst,
    body: asStored(body),
  };
  return { ...unhashed, hash: entryHash(unhashed) };
};

/**
 * The JSON under which an entry is kept. Throws `TypeError` for one that could not be read back or whose hash is not its own: nothing
 * mends it once it is in the ledger, and no entry could follow it.
 */
export const sealedJson = (entry: Entry): string => {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw new TypeError(`Entry ${entry.sequence} of ${entry.stream} is malformed: ${faultsIn(parsed.error)}`);
  if (entryHash(entry) !== entry.hash) {
    throw new TypeError(
      `Entry ${entry.sequence} of ${entry.stream} has a hash that is not its own; make entries with link`,
    );
  }
  return canonicalJson(entry);
};

type Expected = { readonly stream: string; readonly sequence: number; readonly previousHash: string };

const faultOf = (candidate: unknown, expected: Expected): Omit<ChainFault, 'ok' | 'sequence'> | Entry => {
  const parsed = entrySchema.safeParse(candidate);
  if (!parsed.success) {
    return {
      reason: 'unreadable',
      message: `Entry ${expected.sequence} of ${expected.stream} cannot be read: ${faultsIn(parsed.error)}`,
    };
  }
  const entry = parsed.data;
  const name = `Entry ${expected.sequence} of ${expected.stream}`;
  if (entry.stream !== expected.stream)
    return { reason: 'wrong-stream', message: `${name} was written for ${entry.stream}` };
  const hash = hashOrReason(entry);
  if (hash !== entry.hash)
    return {
      reason: 'hash-mismatch',
      message: `${name} was edited: its hash is ${entry.hash}, its content gives ${hash}`,
    };
  if (entry.sequence !== expected.sequence)
    return { reason: 'gap', message: `${name} is missing: entry ${entry.sequence} is in its place` };
  if (entry.previousHash !== expected.previousHash) {
    return {
      reason: 'broken-link',
      message: `${name} does not follow the entry before it: it names ${entry.previousHash}, not ${expected.previousHash}`,
    };
  }
  return entry;
};

// A tampered entry can hold what RFC 8785 has no JSON for (a lone surrogate); `link` never writes one.
const hashOrReason = (entry: Entry): string => {
  try {
    return entryHash(entry);
  } catch (error) {
    return `none (${error instanceof Error ? error.message : String(error)})`;
  }
};

/**
 * Says whether the entries of a whole stream, in the order of their sequence numbers, are the chain that was written, or
 * where it first is not. Entries cut off at the end leave a valid chain: that is for a witness of the head to tell.
 */
export const verifyChain = (entries: readonly unknown[], stream: string): ChainVerdict => {
  let head: string | null = null;
  for (const [index, candidate] of entries.entries()) {
    const sequence = index + 1;
    const found = faultOf(candidate, { stream, sequence, previousHash: head ?? beforeTheFirst });
    if ('reason' in found) return { ok: false, sequence, ...found };
    head = found.hash;
  }
  return { ok: true, head };
};
