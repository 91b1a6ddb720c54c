import { enteredHostnames } from '../../core/filter/in-postal.ts';
import { comparisonSummary } from '../../core/postal/predictions/comparisons.ts';
import type { Reporting } from '../../core/postal/reports/reporting.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';
import { listComparisons } from '../state/postal/comparison-store.ts';
import { findDatabaseFailure } from '../state/postal/database-failure-store.ts';
import { listCursors } from '../state/postal/delivery-block-store.ts';
import { listReports, newestSnapshot } from '../state/postal/postal-report-store.ts';
import { listHeard } from '../state/postal/webhook-store.ts';

type Reading = Pick<Ports, 'state'>;

/** What the newest snapshot lacks: deliveries that the account may not read, and registered names. */
const readNewest = async (
  { state }: Reading,
  may: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<Reporting['newest']> => {
  const newest = await newestSnapshot(state, signal);
  if (newest === undefined) return undefined;
  const { snapshot } = newest;
  const names = (await listRegistered(state, signal)).map(({ definition }) => definition.hostname).filter(may);
  const entered = enteredHostnames(snapshot, undefined);
  return {
    ungranted: snapshot.servers.flatMap(({ name, deliveries }) => (deliveries.kind === 'not granted' ? [name] : [])),
    notEntered: names.filter((name) => !entered.has(name)).length,
    registered: names.length,
  };
};

/** Who reports what Postal has, whose webhooks were received, and what the newest snapshot lacks of the names that someone may see. */
export const readReporting = async (
  { state }: Reading,
  signal: AbortSignal,
  may: (hostname: string) => boolean = () => true,
): Promise<Reporting> => {
  const [reports, webhooks, databaseFailure, cursors, compared, newest] = await Promise.all([
    listReports(state, signal),
    listHeard(state, signal),
    findDatabaseFailure(state, signal),
    listCursors(state, signal),
    listComparisons(state, signal),
    readNewest({ state }, may, signal),
  ]);
  const idsLeft = [...cursors.values()].reduce((sum, cursor) => sum + cursor.idsLeft, 0);
  const comparisons = comparisonSummary(compared, may);
  return {
    reports,
    webhooks,
    idsLeft,
    ...(newest === undefined ? {} : { newest }),
    ...(comparisons === undefined ? {} : { comparisons }),
    ...(databaseFailure === undefined ? {} : { databaseFailure }),
  };
};
