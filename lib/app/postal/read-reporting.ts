import type { Reporting } from '../../core/postal/reports/reporting.ts';
import type { Ports } from '../ports/ports.ts';
import { listReports } from '../state/postal-report-store.ts';
import { listHeard } from '../state/webhook-store.ts';

/** Who reports what Postal has, and whose webhooks were received. */
export const readReporting = async ({ state }: Pick<Ports, 'state'>, signal: AbortSignal): Promise<Reporting> => {
  const [reports, webhooks] = await Promise.all([listReports(state, signal), listHeard(state, signal)]);
  return { reports, webhooks };
};
