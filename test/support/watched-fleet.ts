import { type Hostname, parseHostname } from '../../lib/core/endpoint/hostname.ts';
import { type WatchRules, watchRulesSchema } from '../../lib/core/policy/watch-rules.ts';
import type { Health } from '../../lib/core/watch/health/health.ts';
import type { Cause, EndpointState, Observation } from '../../lib/core/watch/health/observation.ts';
import type { WatchedEndpoint } from '../../lib/core/watch/health/watched-endpoint.ts';
import type { Incident } from '../../lib/core/watch/incident/incident.ts';
import type { Mute } from '../../lib/core/watch/mute/mute.ts';
import { type RoundInput, type RoundResult, round } from '../../lib/core/watch/round.ts';

export const watchRules: WatchRules = watchRulesSchema.parse({});
export const intervalMs = watchRules.intervalSeconds * 1000;
export const fleetStartMs = Date.parse('2026-03-02T00:00:00Z');

/** What a letter in a test's script stands for. */
const sights: Readonly<Record<string, { readonly state: EndpointState; readonly cause?: Cause }>> = {
  u: { state: 'up' },
  g: { state: 'degraded', cause: 'refused' },
  p: { state: 'plaintext', cause: 'tls' },
  f: { state: 'drifted', cause: 'dns' },
  d: { state: 'down', cause: 'timeout' },
  b: { state: 'inconclusive', cause: 'busy' },
  r: { state: 'inconclusive', cause: 'resolver' },
  x: { state: 'inconclusive', cause: 'prober' },
  n: { state: 'down', cause: 'dns' },
  o: { state: 'inconclusive', cause: 'policy' },
};

export const hostnameOf = (name: string): Hostname => {
  const parsed = parseHostname(name);
  if (!('hostname' in parsed)) throw new Error(`${name} is no hostname`);
  return parsed.hostname;
};

/** One look, by the letter of what it meets. */
export const sighted = (
  hostname: string,
  atMs: number,
  letter: string,
  more: Partial<Observation> = {},
): Observation => {
  const sight = sights[letter];
  if (sight === undefined) throw new Error(`${letter} stands for nothing`);
  const code = `${letter}-code`;
  return {
    hostname: hostnameOf(hostname),
    atMs,
    sentence: `It is ${sight.state}.`,
    findings: letter === 'u' ? [] : [{ code, text: `${letter} was found.`, remedy: `Mend ${letter}.` }],
    encrypted: letter === 'u',
    ...sight,
    ...more,
  };
};

/** Endpoints under watch, and what watch has written of them. */
export class WatchedFleet {
  readonly healths = new Map<string, Health>();
  readonly incidents = new Map<string, Incident>();
  mutes: readonly Mute[] = [];
  endpoints: ReadonlyMap<string, WatchedEndpoint>;
  readonly rules: WatchRules;

  constructor(hostnames: readonly string[], rules: WatchRules = watchRules) {
    this.endpoints = new Map(hostnames.map((hostname) => [hostname, {}]));
    this.rules = rules;
  }

  /** What a round is given besides. */
  more(): Partial<RoundInput> {
    return {};
  }

  result(nowMs: number, observations: readonly Observation[]): RoundResult {
    const { rules, endpoints, healths, mutes } = this;
    const incidents = [...this.incidents.values()];
    return round({ nowMs, rules, endpoints, healths, observations, incidents, mutes, ...this.more() });
  }

  /** One round, with all its writes. */
  round(nowMs: number, observations: readonly Observation[] = []): RoundResult {
    const result = this.result(nowMs, observations);
    for (const [hostname, health] of result.healths) this.healths.set(hostname, health);
    for (const hostname of result.forgotten) this.healths.delete(hostname);
    for (const incident of result.incidents) this.incidents.set(incident.id, incident);
    return result;
  }

  /** One look an interval at one endpoint, a letter each; the time after the last. */
  watch(hostname: string, letters: string, fromMs = fleetStartMs): number {
    let atMs = fromMs;
    for (const letter of letters) {
      this.round(atMs, [sighted(hostname, atMs, letter)]);
      atMs += intervalMs;
    }
    return atMs;
  }

  open(): readonly Incident[] {
    return [...this.incidents.values()].filter(({ closedAtMs }) => closedAtMs === undefined);
  }
}
