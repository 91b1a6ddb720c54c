import type { Logger } from '../ports/logger.ts';
import type { StateStore } from '../ports/state-store.ts';
import { findReport, type ReportHead, saveReport } from '../state/postal/postal-report-store.ts';

/** Keeps a report, wherever it comes from, unless one as new of the same sender and part is kept already. */
export const keepReport = async (
  { state, log }: { readonly state: StateStore; readonly log: Logger },
  report: Omit<ReportHead, 'chunks'> & { readonly packed: string },
  signal: AbortSignal,
): Promise<void> => {
  const { sender, part, atMs, packed } = report;
  const stored = await findReport(state, sender, part, signal);
  if (stored !== undefined && stored.atMs >= atMs)
    return log.info('a report was passed over: a newer one is kept', { sender });
  await saveReport(state, report, signal);
  log.info('a report was kept', { sender, octets: packed.length });
};
