import { concurrently } from '../../core/base/concurrently.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { auditStream, type Entry } from '../../core/ledger/entry.ts';
import { readingLimits } from '../../core/limits/limits.ts';
import type { Ports } from '../ports/ports.ts';
import { entriesOfDay } from './entries-of-day.ts';

const dayMs = 86_400_000;
const daysAtOnce = 16;

/** What happened since a day. */
export type EntriesSince = {
  /**
   * By hostname, or other stream, in order: complete for every change that was requested since then, but for those that are parts of a bulk. The announcer's
   * stream is left out.
   */
  readonly byStream: ReadonlyMap<string, readonly Entry[]>;
  /** Bulks: their entries are in their own streams. */
  readonly bulks: readonly string[];
  /** The UTC day (`YYYY-MM-DD`) before which nothing was read, because there was too much or it took too long; absent: all was read. */
  readonly cutAt?: string;
};

const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Reads the entries of all streams by their days, the newest days first, as many as a worker has room and time for. */
export const entriesSince = async (
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  sinceMs: number,
  signal: AbortSignal,
): Promise<EntriesSince> => {
  const untilMs = clock.now() + readingLimits.milliseconds;
  const byStream = new Map<string, Entry[]>();
  const bulks = new Set<string>();
  let kept = 0;
  const readDay = async (day: number): Promise<void> => {
    // The changes of a bulk are announced by the bulk. Of one that was requested the day before, what follows is taken for nothing by whoever folds it.
    const parts = new Set<string>();
    for await (const entry of entriesOfDay(ledger, dayText(day), signal)) {
      const { stream, body } = entry;
      if (stream === auditStream) continue;
      if (isBulkStream(stream)) {
        bulks.add(stream);
        continue;
      }
      if (body.kind === 'requested' && body.partOf !== undefined) parts.add(body.changeId);
      if ('changeId' in body && parts.has(body.changeId)) continue;
      const known = byStream.get(stream);
      if (known === undefined) byStream.set(stream, [entry]);
      else known.push(entry);
      kept += 1;
    }
  };
  const first = Math.floor(sinceMs / dayMs);
  let begin = Math.floor(clock.now() / dayMs) + 1;
  while (begin > first && kept < readingLimits.entries && clock.now() < untilMs) {
    const end = begin;
    begin = Math.max(first, end - daysAtOnce);
    const days = Array.from({ length: end - begin }, (_, index) => begin + index);
    await concurrently(days, daysAtOnce, readDay);
  }
  for (const entries of byStream.values()) entries.sort((one, other) => one.sequence - other.sequence);
  return { byStream, bulks: [...bulks].sort(), ...(begin > first ? { cutAt: dayText(begin) } : {}) };
};
