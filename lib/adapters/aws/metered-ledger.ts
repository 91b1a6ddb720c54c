import type { Ledger } from '../../app/ports/ledger.ts';
import type { EntryBody } from '../../core/ledger/entry.ts';
import type { MetricName, Metrics } from '../metrics.ts';

/** What an entry says of how a change ended; the others are on the way there, or beside it. */
const outcomeOf = (kind: EntryBody['kind']): MetricName | undefined => {
  switch (kind) {
    case 'applied':
      return 'ChangesApplied';
    case 'failed':
      return 'ChangesFailed';
    case 'conflict':
      return 'ChangesInConflict';
    case 'expired':
      return 'ChangesExpired';
    case 'rejected':
      return 'ChangesRejected';
    case 'cancelled':
      return 'ChangesCancelled';
    case 'refused':
      return 'ChangesRefused';
    case 'requested':
    case 'approved':
    case 'applying':
    case 'tried':
    case 'acknowledged':
    case 'muted':
    case 'unmuted':
    case 'announced':
      return undefined;
  }
};

/** A ledger that counts how changes end, and how often a place was taken. */
export const meteredLedger = (ledger: Ledger, metrics: Metrics): Ledger => ({
  ...ledger,
  append: async (entry, signal) => {
    const result = await ledger.append(entry, signal);
    const metric = result === 'taken' ? 'LedgerConflicts' : outcomeOf(entry.body.kind);
    if (metric !== undefined) metrics.record({ [metric]: 1 });
    return result;
  },
});
