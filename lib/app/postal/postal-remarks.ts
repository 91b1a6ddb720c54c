import type { Plan } from '../../core/dns/plan.ts';
import { bulkRemarks } from '../../core/postal/audit/bulk-remarks.ts';
import { planRemarks } from '../../core/postal/audit/plan-remarks.ts';
import type { Ports } from '../ports/ports.ts';
import { type PostalView, readInPostal, readManyInPostal, sourceOf } from './read-postal.ts';

type RemarkPorts = Pick<Ports, 'state' | 'clock' | 'log'>;

/** A change does not wait longer for what Postal last reported. */
const withinMs = 2_000;

/** What is said of Postal by its last report. Where none can be read in time, nothing: facts of Postal never stop a change. */
const remarksOf = async (
  { clock, log }: RemarkPorts,
  read: (signal: AbortSignal) => Promise<PostalView | undefined>,
  say: (audit: PostalView['audit'], source: string) => readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  try {
    const view = await read(AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    return view === undefined ? [] : say(view.audit, sourceOf(view, clock.now()));
  } catch (error) {
    log.warn('what Postal has could not be read', { error });
    return [];
  }
};

/** What a plan means for Postal. */
export const postalRemarks = (ports: RemarkPorts, plan: Plan, signal: AbortSignal): Promise<readonly string[]> =>
  remarksOf(
    ports,
    (within) => readInPostal(ports, plan.hostname, within),
    (audit, source) => planRemarks(plan, audit, source),
    signal,
  );

/** What the plans of a bulk mean for Postal. */
export const postalRemarksOfBulk = (
  ports: RemarkPorts,
  plans: readonly Plan[],
  signal: AbortSignal,
): Promise<readonly string[]> =>
  remarksOf(
    ports,
    (within) => readManyInPostal(ports, new Set(plans.map(({ hostname }) => hostname)), within),
    (audit, source) => bulkRemarks(plans, audit, source),
    signal,
  );
