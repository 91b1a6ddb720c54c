import type { Entry } from '../../core/ledger/entry.ts';

/** Some entries of a day, and where the rest of them begins; without `next` there is no more. */
export type DayPage = { readonly entries: readonly Entry[]; readonly next?: string };

/** The oldest entries first, unless said otherwise. */
export type DayOrder = 'oldest first' | 'newest first';

/** Port to the append-only ledger: one stream per hostname, whose sequence number is lock, idempotency and order at once. Outages throw `LedgerUnavailable`, reads of what was tampered with `LedgerCorrupt`. */
export interface Ledger {
  /** Entries of one stream, ascending by sequence number, strongly consistent. */
  read(stream: string, signal: AbortSignal): Promise<readonly Entry[]>;
  /** The newest entry of a stream, strongly consistent. */
  head(stream: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** `taken`: another entry already has this sequence number. The same entry sent again is `appended`. */
  append(entry: Entry, signal: AbortSignal): Promise<'appended' | 'taken'>;
  /**
   * A page of the entries of one UTC day (`YYYY-MM-DD`) over all streams, by time; `from` is the `next` of the page before. It may be some seconds behind. The
   * pages of newest entries first are small: whoever reads so has soon read enough.
   */
  byDay(day: string, from: string | undefined, signal: AbortSignal, order?: DayOrder): Promise<DayPage>;
}

/** The ledger did not answer; whether an append landed is unknown, and sending it again is safe. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** This item of the ledger is not an entry, or its index attributes are not its own: something other than the ledger wrote it. */
export class LedgerCorrupt extends Error {
  override readonly name = 'LedgerCorrupt';
  readonly stream: string;
  /** Key of the item in its stream, as stored: ten digits, if the ledger wrote it. */
  readonly sequenceKey: string;

  constructor(stream: string, sequenceKey: string, what: string) {
    super(`Entry ${sequenceKey} of ${stream} is not as the ledger wrote it: ${what}`);
    this.stream = stream;
    this.sequenceKey = sequenceKey;
  }
}
