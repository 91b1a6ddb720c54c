import { concurrently } from '../../core/base/concurrently.ts';
import { isChosenBulk } from '../../core/bulk/bulk-history.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk } from '../../core/bulk/fold-bulk.ts';
import { auditStream, type Entry } from '../../core/ledger/entry.ts';
import { fold } from '../../core/ledger/fold.ts';
import { type HistoryFilter, isAlone, isChosenAlone, isChosenChange } from '../../core/ledger/history-filter.ts';
import type { HistoryRow } from '../../messages/history/history-message.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import type { Ports } from '../ports/ports.ts';

const dayMs = 86_400_000;
const daysAtOnce = 16;

/** Every stream in which something happened since then; a name that only changed as part of a bulk is in that bulk's stream, and not named on its own. */
export const streamsSince = async (
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  sinceMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const names = new Set<string>();
  const last = Math.floor(clock.now() / dayMs);
  const first = Math.floor(sinceMs / dayMs);
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  await concurrently(days, daysAtOnce, async (day) => {
    // A change that was requested the day before counts as one of its own; its stream is read in vain then, and no more.
    const parts = new Set<string>();
    for await (const { stream, body } of entriesOfDay(
      ledger,
      new Date(day * dayMs).toISOString().slice(0, 10),
      signal,
    )) {
      if (body.kind === 'requested' && body.partOf !== undefined) parts.add(body.changeId);
      if (!('changeId' in body && parts.has(body.changeId))) names.add(stream);
    }
  });
  names.delete(auditStream);
  return [...names].sort();
};

const aloneIn = (entries: readonly Entry[], filter: HistoryFilter): HistoryRow[] =>
  entries.flatMap(({ at, stream, body }): HistoryRow[] =>
    isAlone(body) && isChosenAlone({ at, body }, filter) ? [{ kind: 'alone', at, stream, body }] : [],
  );

/** The rows of one stream: of a name its changes, those in bulks only where `withParts`; of a bulk one row for all. */
export const rowsOf = (
  stream: string,
  entries: readonly Entry[],
  filter: HistoryFilter,
  withParts: boolean,
): readonly HistoryRow[] => {
  if (isBulkStream(stream)) {
    const { bulk } = foldBulk(entries);
    return bulk !== undefined && isChosenBulk(bulk, filter) ? [{ kind: 'bulk', at: bulk.requestedAt, bulk }] : [];
  }
  const changes = [...fold(entries).changes.values()].filter(
    (change) => (withParts || change.partOf === undefined) && isChosenChange(change, filter),
  );
  return [
    ...changes.map((change): HistoryRow => ({ kind: 'change', at: change.requestedAt, change })),
    ...aloneIn(entries, filter),
  ];
};

/** Whether somebody may read of a bulk: of one of its names at least, or to have all of it, of each. */
export const mayReadBulk = (
  { parts }: Pick<BulkState, 'parts'>,
  may: (hostname: string) => boolean,
  whole: boolean,
): boolean => (whole ? parts.every(({ plan }) => may(plan.hostname)) : parts.some(({ plan }) => may(plan.hostname)));
