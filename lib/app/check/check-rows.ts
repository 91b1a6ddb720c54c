import type { Registered } from '../../core/endpoint/registered.ts';
import type { CheckedRow } from '../../core/watch/health/check-result.ts';
import { stateSummaryOf } from '../../core/watch/health/state-summary.ts';
import { targetsText } from '../../messages/change/record-lines.ts';
import { byState } from '../../messages/check/state-words.ts';
import type { Ports } from '../ports/ports.ts';
import type { ProbedEndpoint } from '../probe/probe-endpoints.ts';
import { listDrifts } from '../state/drift-store.ts';
import { listHealths } from '../state/health-store.ts';
import { observeRegistered } from '../watch/observe-registered.ts';

/** Where the state is the same, the slower ones come first. */
const worstFirst = (one: CheckedRow, other: CheckedRow): number => {
  // What was not reached counts as unknown.
  const states = byState(one.state ?? 'inconclusive', other.state ?? 'inconclusive');
  return states !== 0
    ? states
    : (other.latencyMs ?? 0) - (one.latencyMs ?? 0) || (one.hostname < other.hostname ? -1 : 1);
};

/** Compares what the probes saw with what is registered, one row each, the worst first. `busy` asked for fewer connections, so they were not probed. */
export const checkedRows = async (
  ports: Pick<Ports, 'state' | 'policy' | 'profile'>,
  chosen: readonly Registered[],
  looked: readonly ProbedEndpoint[],
  busy: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly CheckedRow[]> => {
  const [healths, drifts] = await Promise.all([listHealths(ports.state, signal), listDrifts(ports.state, signal)]);
  const met = new Map<string, ProbedEndpoint>(looked.map((one) => [one.definition.hostname, one]));
  const rows = chosen.map((registered): CheckedRow => {
    const { hostname, targets } = registered.definition;
    const target = targetsText(targets);
    const one = met.get(hostname);
    if (one === undefined)
      return busy.has(hostname)
        ? { hostname, target, state: 'inconclusive', brief: 'not checked again: it answered 421 just now' }
        : { hostname, target, brief: 'not reached in time' };
    const observation = observeRegistered(
      registered,
      one,
      { health: healths.get(hostname), drift: drifts.get(hostname) },
      ports,
    );
    const { state, latencyMs } = observation;
    return {
      hostname,
      target,
      state,
      brief: stateSummaryOf(observation, one.result, ports.profile),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    };
  });
  return rows.sort(worstFirst);
};
