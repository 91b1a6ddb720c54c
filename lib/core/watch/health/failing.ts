import type { WatchRules } from '../../policy/watch-rules.ts';
import type { Fault } from './fault.ts';
import type { Health } from './health.ts';
import { severityOf, staleAfterMs } from './hysteresis.ts';
import type { Cause } from './observation.ts';
import type { WatchedEndpoint } from './watched-endpoint.ts';

/** `isConfirmed`: seen to fail, or not observable for as many probes as `down` asks for. */
export type Failing = {
  readonly hostname: string;
  readonly sinceMs: number;
  readonly cause: Cause | undefined;
  /** The targets that fail; empty where none is to blame. */
  readonly faults: readonly Fault[];
  readonly zone: string | undefined;
  readonly isConfirmed: boolean;
};

/** The endpoints that began to fail, out of `of` endpoints that could. */
export type Gathering = {
  readonly failing: readonly Failing[];
  readonly of: number;
  /** The same, where endpoints that fail at one target, or could, count once. */
  readonly units: number;
  readonly ofUnits: number;
};

/** Since when the latest probes are worse than the confirmed state; undefined where they are not. */
const failingSince = (
  { state, recent }: Health,
  fromMs: number,
): Pick<Failing, 'sinceMs' | 'cause' | 'faults'> | undefined => {
  const isWorse = (look: Health['recent'][number]): boolean => severityOf(look.state) > severityOf(state);
  const last = recent.at(-1);
  if (last === undefined || !isWorse(last) || last.atMs < fromMs) return undefined;
  const first = recent[recent.findLastIndex((look) => !isWorse(look)) + 1];
  return { sinceMs: first?.atMs ?? last.atMs, cause: last.cause, faults: last.faults ?? [] };
};

/** What counts once: the first failing target, or the endpoint itself where no target is to blame. */
const unitOf = ({ faults: [fault], hostname }: Failing): string => fault?.target ?? hostname;

/**
 * | an endpoint | counts |
 * | --- | --- |
 * | not observable, because prober, resolver or policy prevent it | as failing; confirmed after the probes that `down` asks for |
 * | whose last probe is worse than its state | as failing |
 * | confirmed as worse in the last intervals, or during the open mass outage | as failing |
 * | down for longer | not at all |
 * | any other | in `of` only |
 */
export const gather = (
  healths: ReadonlyMap<string, Health>,
  endpoints: ReadonlyMap<string, WatchedEndpoint>,
  rules: WatchRules,
  nowMs: number,
  openedAtMs: number | undefined,
): Gathering => {
  const freshMs = openedAtMs ?? nowMs - (rules.down.of + 1) * rules.intervalSeconds * 1000;
  const staleMs = nowMs - staleAfterMs(rules);
  const failing: Failing[] = [];
  const others = new Set<string>();
  let down = 0;
  for (const [hostname, health] of healths) {
    const { state, sinceMs, blind, trouble } = health;
    const { zone, targets = [] } = endpoints.get(hostname) ?? {};
    const seen =
      failingSince(health, staleMs) ??
      (state !== 'up' && sinceMs >= freshMs ? { sinceMs, cause: undefined, faults: trouble?.faults ?? [] } : undefined);
    const found = blind === undefined ? seen : { ...blind, faults: [] };
    const isConfirmed = seen !== undefined || (blind?.looks ?? 1) >= rules.down.looks;
    if (found !== undefined)
      failing.push({ hostname, sinceMs: found.sinceMs, cause: found.cause, faults: found.faults, zone, isConfirmed });
    else if (state === 'down') down += 1;
    else others.add(targets[0] ?? hostname);
  }
  const units = new Set(failing.map(unitOf));
  return {
    failing,
    of: healths.size - down,
    units: units.size,
    ofUnits: units.size + [...others].filter((unit) => !units.has(unit)).length,
  };
};
