import type { Plan } from '../../core/dns/plan.ts';
import { planRemarks } from '../../core/postal/audit/plan-remarks.ts';
import type { Ports } from '../ports/ports.ts';
import { readInPostal, sourceOf } from './read-postal.ts';

/** A change does not wait longer for what Postal last reported. */
const withinMs = 2_000;

/** What a plan means for Postal, by the last report. Where none can be read in time, nothing: facts of Postal never stop a change. */
export const postalRemarks = async (
  ports: Pick<Ports, 'state' | 'policy' | 'zoneListing' | 'clock' | 'log'>,
  plan: Plan,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  try {
    const view = await readInPostal(ports, plan.hostname, AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    return view === undefined ? [] : planRemarks(plan, view.audit, sourceOf(view, ports.clock.now()));
  } catch (error) {
    ports.log.warn('what Postal has of a name could not be read', { hostname: plan.hostname, error });
    return [];
  }
};
