import { concurrently } from '../../core/base/concurrently.ts';
import { fold, isFinished } from '../../core/ledger/fold.ts';
import type { HistoryRow } from '../../messages/history/history-message.ts';
import type { Ports } from '../ports/ports.ts';
import { announcedUnder, announcementStatus } from '../state/announcements.ts';

const readsAtOnce = 8;

/** Rows of one page as they are now: the index by day lags behind for a moment, so what was not finished there is read again. */
export const currentRows = async (
  { ledger }: Pick<Ports, 'ledger'>,
  rows: readonly HistoryRow[],
  signal: AbortSignal,
): Promise<readonly HistoryRow[]> => {
  const current = new Map<HistoryRow, HistoryRow>();
  await concurrently(rows, readsAtOnce, async (row) => {
    if (row.kind !== 'change' || isFinished(row.change)) return;
    const { changes } = fold(await ledger.read(row.change.plan.hostname, signal));
    current.set(row, { ...row, change: changes.get(row.change.changeId) ?? row.change });
  });
  return rows.map((row) => current.get(row) ?? row);
};

/** Links to the messages that announced the rows of one page, by change or bulk; null where Slack gave none. */
export const permalinksOf = async (
  { state }: Pick<Ports, 'state'>,
  rows: readonly HistoryRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | null>> => {
  const permalinks = new Map<string, string | null>();
  await concurrently(rows, readsAtOnce, async (row) => {
    if (row.kind === 'alone') return;
    const [id, under] =
      row.kind === 'bulk' ? [row.bulk.bulkId, row.bulk.bulkId] : [row.change.changeId, announcedUnder(row.change)];
    const status = await announcementStatus(state, under, signal);
    if (status?.status === 'announced') permalinks.set(id, status.permalink);
  });
  return permalinks;
};
