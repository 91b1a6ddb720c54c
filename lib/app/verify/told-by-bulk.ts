import { bulkIdOf } from '../../core/bulk/bulk-stream.ts';
import type { StreamReading, StreamVerdict } from '../../core/ledger/verification.ts';
import type { Told } from './verify-stream.ts';

/** A bulk is read after its names: what was settled since then, clocks being what they are, may not be in what was read of them. */
const newMs = 60_000;

/**
 * What a bulk's stream tells of the streams of its names: the last hash of each change. The channel has the hash of the entry that closed the bulk, and by
 * the chain it vouches for these entries before it.
 */
export const toldByBulk = (
  reading: StreamReading,
  { stream, verifiedUpTo }: StreamVerdict,
  nowMs: number,
): readonly Told[] => {
  if ('unreadable' in reading) return [];
  const where = `bulk ${bulkIdOf(stream)}`;
  return reading.entries.flatMap(({ sequence, at, body }): readonly Told[] => {
    if (body.kind !== 'bulk-settled') return [];
    const isVouched = sequence <= (verifiedUpTo?.sequence ?? 0);
    const isNew = Date.parse(at) > nowMs - newMs;
    return body.outcomes.map(({ hostname, changeId, hash }) => ({
      change: { hostname, changeId, hashes: [hash] },
      where,
      isVouched,
      ...(isNew ? { isNew: true } : {}),
    }));
  });
};

/** The hostnames that a bulk's stream is about. */
export const hostnamesOfBulk = (reading: StreamReading): readonly string[] =>
  'unreadable' in reading
    ? []
    : reading.entries.flatMap(({ body }) =>
        body.kind === 'bulk-plans' ? body.parts.map(({ plan }) => plan.hostname) : [],
      );

/** The bulks that changes of a hostname's stream are part of. */
export const bulksOfStream = (reading: StreamReading): readonly string[] =>
  'unreadable' in reading
    ? []
    : reading.entries.flatMap(({ body }) =>
        body.kind === 'requested' && body.partOf !== undefined ? [body.partOf] : [],
      );
