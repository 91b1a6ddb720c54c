import type { WatchRules } from '../../policy/watch-rules.ts';
import { type Failing, type Gathering, gather } from '../health/failing.ts';
import type { Health } from '../health/health.ts';
import type { Span } from '../health/hysteresis.ts';
import type { Observation } from '../health/observation.ts';
import type { WatchedEndpoint } from '../health/watched-endpoint.ts';
import type { Incident } from './incident.ts';

/** Most endpoints fail together, without a common target. */
export type MassOutage = {
  readonly failing: readonly Failing[];
  /** When it began; milliseconds since the epoch. */
  readonly fromMs: number;
  /** The incident that has it already. */
  readonly open: Incident | undefined;
};

/** Whether at least this share fails, of endpoints and of targets: one machine with many names is no mass outage. */
const isShare = ({ of, units, ofUnits }: Gathering, failing: number, share: number): boolean =>
  failing > 0 && failing >= share * Math.max(1, of) && units >= share * ofUnits;

/** When the outage began: the first moment after which `many.atLeast` endpoints failed within half an interval. Earlier failures were unrelated. */
const beginning = ({ failing }: Gathering, { many, intervalSeconds }: WatchRules): number => {
  const sinces = failing.map(({ sinceMs }) => sinceMs).toSorted((one, other) => one - other);
  const together = sinces.find(
    (sinceMs, index) => (sinces[index + many.atLeast - 1] ?? Infinity) - sinceMs <= intervalSeconds * 500,
  );
  return together ?? sinces[0] ?? 0;
};

/** The incident whose mass outage goes on. */
export const openMassOutage = (incidents: readonly Incident[]): Incident | undefined =>
  incidents.find(({ closedAtMs, mass }) => closedAtMs === undefined && mass !== undefined && mass.toMs === undefined);

/**
 * The mass outage after this round; undefined if there is none.
 *
 * | open | failing | |
 * | --- | --- | --- |
 * | no | at least `many.share` and `many.atLeast` are confirmed, at as many targets | begins |
 * | yes | half that share or more | continues |
 * | yes | fewer | ends |
 */
export const massOutage = (
  healths: ReadonlyMap<string, Health>,
  endpoints: ReadonlyMap<string, WatchedEndpoint>,
  incidents: readonly Incident[],
  rules: WatchRules,
  nowMs: number,
): MassOutage | undefined => {
  const open = openMassOutage(incidents);
  const gathering = gather(healths, endpoints, rules, nowMs, open?.mass?.fromMs);
  const { failing, units } = gathering;
  const { atLeast, share } = rules.many;
  if (open !== undefined)
    return isShare(gathering, failing.length, share / 2)
      ? { failing, fromMs: open.mass?.fromMs ?? open.openedAtMs, open }
      : undefined;
  const confirmed = failing.filter(({ isConfirmed }) => isConfirmed).length;
  return confirmed >= atLeast && units >= atLeast && isShare(gathering, confirmed, share)
    ? { failing, fromMs: beginning(gathering, rules), open }
    : undefined;
};

/**
 * Spans in which a failed probe does not count against a single endpoint: during a mass outage, and from a round in which most probes fail until the next
 * round shows whether the other endpoints fail too.
 */
export const spansWithout = (
  incidents: readonly Incident[],
  healths: ReadonlyMap<string, Health>,
  endpoints: ReadonlyMap<string, WatchedEndpoint>,
  observations: readonly Observation[],
  rules: WatchRules,
  nowMs: number,
): readonly Span[] => {
  const spans = incidents.flatMap(({ mass }) =>
    mass === undefined ? [] : [{ fromMs: mass.fromMs, toMs: mass.toMs ?? Infinity }],
  );
  const seen = new Map<string, Health>();
  for (const { hostname } of observations) {
    const health = healths.get(hostname);
    if (health !== undefined) seen.set(hostname, health);
  }
  const gathering = gather(seen, endpoints, rules, nowMs, undefined);
  const { failing, units } = gathering;
  const { atLeast, share } = rules.many;
  const isSuspect = failing.length >= atLeast && units >= atLeast && isShare(gathering, failing.length, share);
  return isSuspect ? [...spans, { fromMs: nowMs - rules.intervalSeconds * 1000, toMs: Infinity }] : spans;
};
