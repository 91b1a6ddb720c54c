import type { WatchRules } from '../../policy/watch-rules.ts';
import type { Health, Said } from '../health/health.ts';
import { isFlapping, severityOf } from '../health/hysteresis.ts';
import { suspectOf } from '../health/suspect.ts';
import type { WatchedEndpoint } from '../health/watched-endpoint.ts';
import type { MailFacts } from '../mail/mail-facts.ts';
import type { Incident, Member } from './incident.ts';
import { causeKey, type IncidentCause } from './incident-cause.ts';
import { mailGroups } from './mail-groups.ts';
import type { MassOutage } from './mass-outage.ts';

/** An endpoint that suffers from a cause. */
export type Sufferer = {
  readonly hostname: string;
  readonly state: Member['state'];
  readonly owner: string | undefined;
  /** Since when; a relapse soon after a recovery belongs to the trouble before it. */
  readonly sinceMs: number;
  readonly isFlapping: boolean;
  readonly isMuted: boolean;
};

/** All endpoints that suffer from one cause, the worst first. */
export type Group = Said & {
  readonly cause: IncidentCause;
  readonly sufferers: readonly Sufferer[];
  /** Of a mass outage: when it began. */
  readonly massFromMs?: number;
};

export type GroupingInput = {
  readonly healths: ReadonlyMap<string, Health>;
  readonly endpoints: ReadonlyMap<string, WatchedEndpoint>;
  readonly incidents: readonly Incident[];
  readonly mass: MassOutage | undefined;
  readonly muted: ReadonlySet<string>;
  /** What Postal reported lately; absent: nothing, or nothing recent. */
  readonly mail?: MailFacts | undefined;
  readonly rules: WatchRules;
  readonly nowMs: number;
};

const nothingToSay: Said = { sentence: 'Postal gets in.', findings: [] };

const blindSentences = {
  resolver: 'The resolver does not answer. Check the resolver and the network path to it, not the mail servers.',
  prober: 'The prober fails. Check the prober, not the mail servers. Whether Postal delivers right now is unknown.',
  policy:
    'The policy does not allow the prober to connect there. Add the ports and ranges to policy.json, or change the endpoints.',
} as const;

/** Hostnames that an open incident of this key lists right now. */
const standingByKey = (incidents: readonly Incident[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    incidents
      .filter(({ closedAtMs }) => closedAtMs === undefined)
      .map(({ cause, members }) => [
        causeKey(cause),
        new Set(members.filter(({ leftAtMs }) => leftAtMs === undefined).map(({ hostname }) => hostname)),
      ]),
  );

/** Zones with so many unresolved names, confirmed or not, that the zone itself must be the cause. */
const brokenZones = ({ healths, endpoints, rules }: GroupingInput): ReadonlySet<string> => {
  const counts = new Map<string, { names: number; failing: number }>();
  for (const [hostname, { state, recent, trouble, said }] of healths) {
    const zone = endpoints.get(hostname)?.zone;
    if (zone === undefined) continue;
    const count = counts.get(zone) ?? { names: 0, failing: 0 };
    count.names += 1;
    const isUnresolved = state === 'down' && said !== undefined && (trouble?.faults ?? []).length === 0;
    if (isUnresolved || recent.at(-1)?.cause === 'dns') count.failing += 1;
    counts.set(zone, count);
  }
  const { atLeast, share } = rules.many;
  return new Set(
    [...counts]
      .filter(([, { names, failing }]) => failing >= atLeast && failing >= share * names)
      .map(([zone]) => zone),
  );
};

const worstFirst = (one: Sufferer, other: Sufferer): number => {
  const rank = ({ state }: Sufferer): number => (state === 'unknown' ? 0 : severityOf(state));
  return rank(other) - rank(one) || one.sinceMs - other.sinceMs || (one.hostname < other.hostname ? -1 : 1);
};

const massCause = ({ failing, open }: MassOutage): IncidentCause => {
  if (open !== undefined) return open.cause;
  for (const kind of ['policy', 'resolver', 'prober'] as const)
    if (failing.filter(({ cause }) => cause === kind).length * 2 > failing.length) return { kind };
  return { kind: 'mass-outage' };
};

const massGroup = (mass: MassOutage, { healths, endpoints }: GroupingInput): Group => ({
  cause: massCause(mass),
  sufferers: mass.failing
    .map(({ hostname, sinceMs, cause }): Sufferer => {
      const isBlind = cause === 'resolver' || cause === 'prober' || cause === 'policy';
      const health = healths.get(hostname);
      const state = isBlind ? 'unknown' : (health?.recent.at(-1)?.state ?? health?.state ?? 'down');
      return { hostname, state, owner: endpoints.get(hostname)?.owner, sinceMs, isFlapping: false, isMuted: false };
    })
    .sort(worstFirst),
  sentence: suspectOf(mass.failing),
  findings: [],
  massFromMs: mass.fromMs,
});

/** What a failing endpoint suffers from: each target that fails; else its zone, or itself alone. */
const causesOf = (
  hostname: string,
  { state, trouble }: Health,
  zone: string | undefined,
  broken: ReadonlySet<string>,
): readonly IncidentCause[] => {
  const faults = trouble?.faults ?? [];
  if (faults.length > 0) return faults.map(({ target, way }) => ({ kind: 'target', target, way }));
  return zone !== undefined && state === 'down' && broken.has(zone)
    ? [{ kind: 'zone', zone }]
    : [{ kind: 'single', hostname }];
};

/** So long after a mass outage an endpoint that could not be checked in it still has to be seen again. */
const afterMass = (incidents: readonly Incident[], { intervalSeconds }: WatchRules): number =>
  Math.max(0, ...incidents.flatMap(({ mass }) => (mass?.toMs === undefined ? [] : [mass.toMs]))) +
  2 * intervalSeconds * 1000;

/**
 * The causes that endpoints suffer from after this round, by their keys. An endpoint at two dead targets suffers from both.
 *
 * | an endpoint | suffers |
 * | --- | --- |
 * | bad, at failing targets | from each of these targets |
 * | down, with most names of its zone unresolved | from its zone |
 * | bad otherwise | from a cause of its own |
 * | up, but flapping | from what it did before, in an incident that is open |
 * | not observable for as many probes as `down` asks for | from resolver, prober or policy |
 * | muted | only where an open incident lists it already |
 * | none of these, and mail to it fails | from that (`mailGroups`) |
 *
 * During a mass outage, whatever begins to fail belongs to that.
 */
export const groupsOf = (input: GroupingInput): ReadonlyMap<string, Group> => {
  const { healths, endpoints, incidents, mass, muted, rules, nowMs } = input;
  const standing = standingByKey(incidents);
  const broken = brokenZones(input);
  const groups = new Map<string, { cause: IncidentCause; sufferers: Sufferer[] }>();
  const join = (cause: IncidentCause, sufferer: Sufferer, mayOpen: boolean): void => {
    const key = causeKey(cause);
    if (!mayOpen && standing.get(key)?.has(sufferer.hostname) !== true) return;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { cause, sufferers: [sufferer] });
    else group.sufferers.push(sufferer);
  };
  const seesAgainMs = afterMass(incidents, rules);
  for (const [hostname, health] of healths) {
    const { state, sinceMs, blind, trouble } = health;
    const { owner, zone } = endpoints.get(hostname) ?? {};
    const flaps = isFlapping(health, rules, nowMs);
    const isMuted = muted.has(hostname);
    if (state !== 'up' || flaps) {
      const sufferer = { hostname, state, owner, sinceMs: trouble?.sinceMs ?? sinceMs, isFlapping: flaps, isMuted };
      for (const cause of causesOf(hostname, health, zone, broken)) join(cause, sufferer, state !== 'up' && !isMuted);
    } else if (blind !== undefined && mass === undefined) {
      const isLong = (blind.looks ?? 1) >= rules.down.looks && (nowMs >= seesAgainMs || blind.sinceMs >= seesAgainMs);
      const sufferer = {
        hostname,
        state: 'unknown',
        owner,
        sinceMs: blind.sinceMs,
        isFlapping: false,
        isMuted,
      } as const;
      join({ kind: blind.cause }, sufferer, isLong && !isMuted);
    }
  }
  const said = ({ cause, sufferers: [worst] }: { cause: IncidentCause; sufferers: readonly Sufferer[] }): Said =>
    cause.kind === 'resolver' || cause.kind === 'prober' || cause.kind === 'policy'
      ? { sentence: blindSentences[cause.kind], findings: [] }
      : ((worst && healths.get(worst.hostname)?.said) ?? nothingToSay);
  const found = new Map<string, Group>();
  for (const [key, { cause, sufferers }] of groups) {
    const sorted = sufferers.toSorted(worstFirst);
    found.set(key, { cause, sufferers: sorted, ...said({ cause, sufferers: sorted }) });
  }
  if (mass !== undefined) {
    const group = massGroup(mass, input);
    found.set(causeKey(group.cause), group);
  }
  const taken = new Set(
    [...found.values()].flatMap(({ cause: { kind }, sufferers }) =>
      kind === 'resolver' || kind === 'prober' || kind === 'policy' ? [] : sufferers.map(({ hostname }) => hostname),
    ),
  );
  for (const group of mailGroups(input, taken)) found.set(causeKey(group.cause), group);
  return found;
};
