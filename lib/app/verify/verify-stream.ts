import { verifyChain } from '../../core/ledger/chain.ts';
import type { StreamReading, StreamVerdict, VerificationFault } from '../../core/ledger/verification.ts';
import type { AnnouncedChange } from './audit-post.ts';
import { changeKey } from './audit-post.ts';

/** A change as a message or an audit entry tells of it. */
export type Told = {
  readonly change: AnnouncedChange;
  /** Where it says so, for a person. */
  readonly where: string;
  /** Of the message, where it is one. */
  readonly ts?: string;
  /** Whether the channel vouches for it, and not the ledger alone. */
  readonly isVouched: boolean;
  /** So new that it may have been written after the stream was read: that it is missing there means nothing. */
  readonly isNew?: true;
};

const brokenMeans = 'Somebody who can write the ledger table changed, removed, moved or inserted entries here.';

/** How far entries are a chain: the fault, if any, and how many before it stand. */
export const checkChain = (
  stream: string,
  reading: StreamReading,
): { readonly intact: number; readonly faults: readonly VerificationFault[] } => {
  if ('unreadable' in reading) {
    const { message } = reading.unreadable;
    return {
      intact: 0,
      faults: [
        {
          code: 'broken-chain',
          stream,
          what: message,
          meaning: 'Somebody else than this bot wrote to the ledger table.',
        },
      ],
    };
  }
  const verdict = verifyChain(reading.entries, stream);
  if (verdict.ok) return { intact: reading.entries.length, faults: [] };
  const { sequence, message } = verdict;
  return {
    intact: sequence - 1,
    faults: [{ code: 'broken-chain', stream, sequence, what: message, meaning: brokenMeans }],
  };
};

/**
 * Where the last entry of a told change stands, from 1, if all of its entries stand in their order; undefined where they do not. A hash covers stream, place,
 * content and everything before, so that nothing but the hash has to be compared.
 */
const placeOf = ({ hashes }: AnnouncedChange, places: ReadonlyMap<string, number>): number | undefined => {
  let last = 0;
  for (const hash of hashes) {
    const place = places.get(hash);
    if (place === undefined || place <= last) return undefined;
    last = place;
  }
  return last === 0 ? undefined : last;
};

/** The verdict on a stream; the channel confirms this many of its entries. */
export const streamVerdict = (stream: string, reading: StreamReading, vouchedFor: number): StreamVerdict => {
  if ('unreadable' in reading) return { stream, entries: 0, hasChanges: true };
  const { entries } = reading;
  const last = entries[vouchedFor - 1];
  const next = entries[vouchedFor];
  return {
    stream,
    entries: entries.length,
    hasChanges: entries.some(({ body }) => body.kind === 'requested' || body.kind === 'bulk-requested'),
    ...(last && { verifiedUpTo: { sequence: last.sequence, at: last.at } }),
    ...(next && { notYetAnnounced: { count: entries.length - vouchedFor, since: next.at } }),
  };
};

/** Holds one stream against itself and against everything that was told of it. */
export const verifyStream = (
  stream: string,
  reading: StreamReading,
  told: readonly Told[],
): { readonly verdict: StreamVerdict; readonly faults: readonly VerificationFault[] } => {
  const { intact, faults: broken } = checkChain(stream, reading);
  if ('unreadable' in reading) return { verdict: streamVerdict(stream, reading, 0), faults: broken };
  const places = new Map(reading.entries.map(({ hash }, index) => [hash, index + 1]));
  const faults = [...broken];
  const missing = new Set<string>();
  let vouchedFor = 0;
  for (const { change, where, ts, isVouched, isNew } of told) {
    const place = placeOf(change, places);
    if (place !== undefined) {
      if (isVouched) vouchedFor = Math.max(vouchedFor, Math.min(place, intact));
    } else if (isNew !== true && !missing.has(changeKey(change))) {
      missing.add(changeKey(change));
      const what = `The entries of change ${change.changeId} that ${where} lists are not in ${stream} in that order`;
      const meaning =
        'They, or entries before them, were changed, removed, moved or inserted after they were announced.';
      faults.push({ code: 'announced-entry-missing', stream, what, meaning, ...(ts !== undefined && { ts }) });
    }
  }
  return { verdict: streamVerdict(stream, reading, vouchedFor), faults };
};
