import type { Entry } from './entry.ts';

/** Port to the append-only ledger: one stream per hostname, whose sequence number is lock, idempotency and order at once. Outages throw `LedgerUnavailable`. */
export interface Ledger {
  /** Entries of one stream, ascending by sequence number, strongly consistent. */
  read(stream: string, signal: AbortSignal): Promise<readonly Entry[]>;
  /** The newest entry of a stream, strongly consistent. */
  head(stream: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** `taken`: another entry already has this sequence number. The same entry sent again is `appended`. */
  append(entry: Entry, signal: AbortSignal): Promise<'appended' | 'taken'>;
  /** Entries of one UTC day (`YYYY-MM-DD`) over all streams, ascending by time. */
  byDay(day: string, signal: AbortSignal): Promise<readonly Entry[]>;
}

/** The ledger did not answer; whether an append landed is unknown, and sending it again is safe. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}
