import type { Entry } from '../ledger/entry.ts';
import { changesTarget, chosenEntries, type HistoryFilter } from '../ledger/history-filter.ts';
import { isBulkStream } from './bulk-stream.ts';
import { type BulkState, foldBulk } from './fold-bulk.ts';

/** Whether a bulk is asked for: by when and by whom it was requested, and by the targets of any of its changes. */
export const isChosenBulk = (
  { requestedAt, actor, parts }: BulkState,
  { sinceMs, by, target }: HistoryFilter,
): boolean =>
  Date.parse(requestedAt) >= sinceMs &&
  (by === undefined || actor.userId === by) &&
  (target === undefined || parts.some((part) => changesTarget(part, target)));

/** The entries of a stream that are asked for; of a bulk by person or target all or none, for they make sense together only. */
export const chosenEntriesOf = (stream: string, entries: readonly Entry[], filter: HistoryFilter): readonly Entry[] => {
  if (!isBulkStream(stream) || (filter.by === undefined && filter.target === undefined))
    return chosenEntries(entries, filter);
  const { bulk } = foldBulk(entries);
  return bulk !== undefined && isChosenBulk(bulk, filter) ? entries : [];
};
