import { isChosenBulk } from '../../core/bulk/bulk-history.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk } from '../../core/bulk/fold-bulk.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { fold } from '../../core/ledger/fold.ts';
import { type HistoryFilter, isAlone, isChosenAlone, isChosenChange } from '../../core/ledger/history-filter.ts';
import type { HistoryRow } from '../../messages/history/history-message.ts';

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
