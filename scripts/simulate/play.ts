import type { Definition } from '../../lib/core/endpoint/definition.ts';
import type { Hostname } from '../../lib/core/endpoint/hostname.ts';
import type { WatchRules } from '../../lib/core/policy/watch-rules.ts';
import type { Health } from '../../lib/core/watch/health/health.ts';
import type { Observation } from '../../lib/core/watch/health/observation.ts';
import { isStandbyDue, withStandby } from '../../lib/core/watch/health/standby.ts';
import type { Incident } from '../../lib/core/watch/incident/incident.ts';
import { isOver } from '../../lib/core/watch/incident/incident-over.ts';
import { round } from '../../lib/core/watch/round.ts';
import { dueEndpoints, tickMs } from '../../lib/core/watch/schedule.ts';
import { Delivery, type Destination } from './destinations.ts';
import { randomOf } from './random.ts';
import type { Sight } from './sights.ts';
import { dayMs, type Fault, midnightMs, type SimulatedEndpoint, type Time, type Truth } from './truth.ts';

type Sights = Readonly<Record<Sight, Observation>>;

/** Where watch keeps what it knows between rounds. */
export type Memory = {
  readHealths(): Promise<ReadonlyMap<string, Health>>;
  readIncidents(): Promise<readonly Incident[]>;
  writeHealths(healths: ReadonlyMap<string, Health>): Promise<void>;
  writeIncidents(incidents: readonly Incident[]): Promise<void>;
  file(incident: Incident): Promise<void>;
  /** What was seen in a round, when it was not cut short. */
  record?(observations: readonly Observation[]): Promise<void>;
};

/** An incident as people come to know it. */
export type Told = {
  readonly incident: Incident;
  readonly atMs: number;
  readonly what: 'opened' | 'reopened' | 'closed' | 'changed';
};

/** Runs are up to so much late, and a look begins up to so much after its run. */
export const latestRunMs = 8_000;
export const latestLookMs = 5_000;
/** Of a hundred runs, so many die between their writes, and so many are made twice. */
const dyingOf100 = 1;
const doubledOf100 = 2;

export const plainMemory = (): Memory => {
  const healths = new Map<string, Health>();
  const incidents = new Map<string, Incident>();
  return {
    readHealths: async () => healths,
    readIncidents: async () => [...incidents.values()],
    writeHealths: async (changed) =>
      void [...changed].forEach(([hostname, health]) => void healths.set(hostname, health)),
    writeIncidents: async (changed) => void changed.forEach((incident) => void incidents.set(incident.id, incident)),
    file: async ({ id }) => void incidents.delete(id),
  };
};

/** What a look at an endpoint meets at a moment: at some of its targets one thing, at the others nothing bad. */
type Met = { readonly sight: Sight; readonly faults?: Observation['faults'] };

const isAt = ({ fromMs, toMs }: Time, atMs: number): boolean => fromMs <= atMs && atMs < toMs;

const metAt = (
  truth: Truth,
  faults: readonly Fault[],
  { hostname, targets, port }: SimulatedEndpoint,
  atMs: number,
  { sights, chance }: { readonly sights: Sights; readonly chance: () => number },
): Met => {
  const ways = (sight: Sight, of: readonly string[]): Observation['faults'] =>
    sights[sight].faults === undefined
      ? undefined
      : of.map((target) => ({ target, way: sights[sight].faults?.[0]?.way ?? 'unreachable' }));
  const met = (sight: Sight, of: readonly string[]): Met => {
    const blamed = ways(sight, of);
    return blamed === undefined ? { sight } : { sight, faults: blamed };
  };
  for (const mass of truth.masses)
    if (isAt(mass, atMs) && (mass.ports?.includes(port) ?? true) && chance() < mass.share)
      return met(mass.sight, targets);
  const own = faults.filter(({ bad }) => bad.some((time) => isAt(time, atMs)));
  const ofName = own.find(({ target }) => target === undefined);
  if (ofName !== undefined) return { sight: ofName.sight };
  const dead = targets.filter((target) => own.some((fault) => fault.target === target));
  const [first] = own;
  if (first !== undefined && dead.length === targets.length) return met(first.sight, dead);
  if (first !== undefined) return { sight: 'degraded', faults: ways(first.sight, dead) ?? [] };
  if (truth.greylisting.has(hostname) && chance() < 0.9) return { sight: 'greylisted' };
  return { sight: truth.busy.has(hostname) && chance() < 0.1 ? 'busy' : 'good' };
};

const certificateAt = (truth: Truth, hostname: string, atMs: number): number => {
  const certificate = truth.certificates.get(hostname);
  return certificate !== undefined && atMs < certificate.renewedAtMs
    ? certificate.expiresAtMs
    : midnightMs + 300 * dayMs;
};

/** What people and services come to hear of a day. */
export type Played = { readonly told: readonly Told[]; readonly delivery: Delivery };

const definitionOf = ({ hostname, targets, port, standby }: SimulatedEndpoint): Definition => ({
  hostname: hostname as Hostname,
  targets: { kind: 'addresses', addresses: targets },
  port,
  sslMode: 'Auto',
  ttlSeconds: 60,
  ...(standby === undefined ? {} : { standby: { kind: 'addresses', addresses: [standby] } }),
});

/** Lets watch run through a day, minute by minute, and hands back all that people are told, in order, and what each destination got. */
export const play = async (
  truth: Truth,
  sights: Sights,
  rules: WatchRules,
  memory: Memory,
  seed: number,
  destinations: readonly Destination[],
): Promise<Played> => {
  const random = randomOf(seed + 1_000_003);
  const delivery = new Delivery(destinations, rules, randomOf(seed + 2_000_003));
  const faultsOf = new Map<string, Fault[]>();
  for (const fault of truth.faults)
    for (const hostname of fault.hostnames) faultsOf.set(hostname, [...(faultsOf.get(hostname) ?? []), fault]);
  const lookedAt = new Map<string, number>();
  const told: Told[] = [];
  const known = new Map<string, Incident>();
  const endpoints = new Map(
    truth.endpoints.map(({ hostname, targets }) => [hostname, { targets, zone: 'corp.internal' }]),
  );
  const simulated = new Map(truth.endpoints.map((one) => [one.hostname, { one, definition: definitionOf(one) }]));

  const look = (hostname: string, runMs: number): Observation => {
    const atMs = Math.floor(runMs + random.next() * latestLookMs);
    lookedAt.set(hostname, atMs);
    const one = simulated.get(hostname)?.one;
    if (one === undefined) throw new RangeError(hostname);
    const { sight, faults } = metAt(truth, faultsOf.get(hostname) ?? [], one, atMs, { sights, chance: random.next });
    const { faults: _sample, ...seen } = sights[sight];
    const renamed = { ...seen, hostname: hostname as Hostname, atMs, ...(faults === undefined ? {} : { faults }) };
    return seen.certificateExpiresAtMs === undefined
      ? renamed
      : { ...renamed, certificateExpiresAtMs: certificateAt(truth, hostname, atMs) };
  };

  /** What the looks at standbys change of the healths. */
  const standbys = (
    observations: readonly Observation[],
    healths: ReadonlyMap<string, Health>,
    nowMs: number,
  ): ReadonlyMap<string, Health> => {
    const changed = new Map<string, Health>();
    for (const { hostname } of observations) {
      const [{ one, definition } = {}, health] = [simulated.get(hostname), healths.get(hostname)];
      if (one?.standby === undefined || definition === undefined || health === undefined) continue;
      if (!isStandbyDue(definition, health, rules, nowMs)) continue;
      const time = truth.deadStandbys.get(one.standby);
      const isDead = time !== undefined && isAt(time, nowMs);
      const now = withStandby(health, definition, {
        state: isDead ? 'down' : 'up',
        brief: 'as simulated',
        atMs: nowMs,
      });
      if (now !== health) changed.set(hostname, now);
    }
    return changed;
  };

  const write = async (nowMs: number, observations: readonly Observation[], dies: boolean): Promise<void> => {
    const healths = await memory.readHealths();
    const incidents = await memory.readIncidents();
    const result = round({ nowMs, rules, endpoints, healths, observations, incidents, mutes: [] });
    const now = new Map([...healths, ...result.healths]);
    await memory.writeHealths(new Map([...result.healths, ...standbys(observations, now, nowMs)]));
    if (dies) return;
    await memory.writeIncidents(result.incidents);
    for (const incident of result.incidents) {
      const before = known.get(incident.id);
      known.set(incident.id, incident);
      const isClosed = incident.closedAtMs !== undefined;
      const what =
        before === undefined
          ? 'opened'
          : isClosed
            ? 'closed'
            : before.closedAtMs === undefined
              ? 'changed'
              : 'reopened';
      told.push({ incident, atMs: nowMs, what });
    }
    await memory.record?.(observations);
    for (const incident of incidents) if (isOver(incident, rules, nowMs)) await memory.file(incident);
    delivery.afterRun([...known.values()], nowMs);
  };

  for (let minute = 0; minute < dayMs / tickMs; minute += 1) {
    const runMs = Math.floor(midnightMs + minute * tickMs + random.next() * latestRunMs);
    const healths = await memory.readHealths();
    const watched = truth.endpoints.map(({ hostname }) => {
      const lastAtMs = lookedAt.get(hostname);
      return {
        hostname,
        isInDoubt: (healths.get(hostname)?.recent.length ?? 0) > 0,
        ...(lastAtMs === undefined ? {} : { lastAtMs }),
      };
    });
    const observations = dueEndpoints(watched, rules, runMs).map((hostname) => look(hostname, runMs));
    const nowMs = runMs + latestLookMs;
    const fate = random.next() * 100;
    await write(nowMs, observations, fate < dyingOf100);
    if (fate > 100 - doubledOf100) await write(nowMs + 1_000, observations, false);
  }
  return { told, delivery };
};
