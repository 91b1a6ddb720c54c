import type { Reporting } from '../../core/postal/reports/reporting.ts';
import type { Ports } from '../ports/ports.ts';
import { findDatabaseFailure } from '../state/database-failure-store.ts';
import { listCursors } from '../state/delivery-block-store.ts';
import { listReports } from '../state/postal-report-store.ts';
import { listHeard } from '../state/webhook-store.ts';

/** Who reports what Postal has, and whose webhooks were received. */
export const readReporting = async ({ state }: Pick<Ports, 'state'>, signal: AbortSignal): Promise<Reporting> => {
  const [reports, webhooks, databaseFailure, cursors] = await Promise.all([
    listReports(state, signal),
    listHeard(state, signal),
    findDatabaseFailure(state, signal),
    listCursors(state, signal),
  ]);
  const idsLeft = [...cursors.values()].reduce((sum, cursor) => sum + cursor.idsLeft, 0);
  return { reports, webhooks, idsLeft, ...(databaseFailure === undefined ? {} : { databaseFailure }) };
};
