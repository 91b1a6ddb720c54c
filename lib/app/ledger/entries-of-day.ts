import type { Entry } from '../../core/ledger/entry.ts';
import type { DayOrder, Ledger } from '../ports/ledger.ts';

/** The entries of one UTC day (`YYYY-MM-DD`) over all streams, by time, page by page: a day may hold more than a worker's memory. */
export const entriesOfDay = async function* (
  ledger: Pick<Ledger, 'byDay'>,
  day: string,
  signal: AbortSignal,
  order: DayOrder = 'oldest first',
): AsyncGenerator<Entry> {
  let from: string | undefined;
  do {
    const { entries, next } = await ledger.byDay(day, from, signal, order);
    yield* entries;
    from = next;
  } while (from !== undefined);
};
