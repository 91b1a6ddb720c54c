import type { Hostname } from '../../lib/core/endpoint/hostname.ts';
import type { WatchRules } from '../../lib/core/policy/watch-rules.ts';
import type { Health } from '../../lib/core/watch/health.ts';
import type { Incident } from '../../lib/core/watch/incident.ts';
import type { Observation } from '../../lib/core/watch/observation.ts';
import { isOver, round } from '../../lib/core/watch/round.ts';
import { dueEndpoints, tickMs } from '../../lib/core/watch/schedule.ts';
import { randomOf } from './random.ts';
import type { Sight } from './sights.ts';
import { dayMs, midnightMs, type Truth } from './truth.ts';

/** Where watch keeps what it knows between rounds. */
export type Memory = {
  readHealths(): Promise<ReadonlyMap<string, Health>>;
  readIncidents(): Promise<readonly Incident[]>;
  writeHealths(healths: ReadonlyMap<string, Health>): Promise<void>;
  writeIncidents(incidents: readonly Incident[]): Promise<void>;
  file(incident: Incident): Promise<void>;
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

/** What a look at an endpoint meets at a moment. */
const sightOf = (
  truth: Truth,
  faults: ReadonlyMap<string, Truth['faults']>,
  hostname: string,
  atMs: number,
  chance: () => number,
): Sight => {
  for (const mass of truth.masses)
    if (mass.fromMs <= atMs && atMs < mass.toMs && chance() < mass.share) return mass.sight;
  const fault = faults.get(hostname)?.find(({ bad }) => bad.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs));
  if (fault !== undefined) return fault.sight;
  if (truth.greylisting.has(hostname) && chance() < 0.9) return 'greylisted';
  return truth.busy.has(hostname) && chance() < 0.1 ? 'busy' : 'good';
};

const certificateAt = (truth: Truth, hostname: string, atMs: number): number => {
  const certificate = truth.certificates.get(hostname);
  return certificate !== undefined && atMs < certificate.renewedAtMs
    ? certificate.expiresAtMs
    : midnightMs + 300 * dayMs;
};

/** Lets watch run through a day, minute by minute, and hands back all that people are told, in order; `alerts` are those that open. */
export const play = async (
  truth: Truth,
  sights: Readonly<Record<Sight, Observation>>,
  rules: WatchRules,
  memory: Memory,
  seed: number,
): Promise<readonly Told[]> => {
  const random = randomOf(seed + 1_000_003);
  const faultsOf = Map.groupBy(truth.faults, ({ hostname }) => hostname);
  const lookedAt = new Map<string, number>();
  const told: Told[] = [];
  const known = new Map<string, Incident>();
  const endpoints = new Map(truth.hostnames.map((hostname) => [hostname, {}]));

  const look = (hostname: string, runMs: number): Observation => {
    const atMs = Math.floor(runMs + random.next() * latestLookMs);
    lookedAt.set(hostname, atMs);
    const seen = sights[sightOf(truth, faultsOf, hostname, atMs, random.next)];
    const faults = seen.faults?.map(({ way }) => ({ target: hostname, way }));
    const renamed = { ...seen, hostname: hostname as Hostname, atMs, ...(faults === undefined ? {} : { faults }) };
    return seen.certificateExpiresAtMs === undefined
      ? renamed
      : { ...renamed, certificateExpiresAtMs: certificateAt(truth, hostname, atMs) };
  };

  const write = async (nowMs: number, observations: readonly Observation[], dies: boolean): Promise<void> => {
    const healths = await memory.readHealths();
    const incidents = await memory.readIncidents();
    const result = round({ nowMs, rules, endpoints, healths, observations, incidents, mutes: [] });
    await memory.writeHealths(result.healths);
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
    for (const incident of incidents) if (isOver(incident, rules, nowMs)) await memory.file(incident);
  };

  for (let minute = 0; minute < dayMs / tickMs; minute += 1) {
    const runMs = Math.floor(midnightMs + minute * tickMs + random.next() * latestRunMs);
    const healths = await memory.readHealths();
    const watched = truth.hostnames.map((hostname) => {
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
  return told;
};
