import type { Deadline } from '../../core/base/deadline.ts';
import { eachApart } from '../../core/base/each-apart.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Health } from '../../core/watch/health/health.ts';
import type { EndpointState, Observation } from '../../core/watch/health/observation.ts';
import { isStandbyDue, withStandby } from '../../core/watch/health/standby.ts';
import type { WatchedEndpoint } from '../../core/watch/health/watched-endpoint.ts';
import type { MailFacts } from '../../core/watch/mail/mail-facts.ts';
import { holds } from '../../core/watch/mute/mute.ts';
import { round } from '../../core/watch/round.ts';
import { dueEndpoints } from '../../core/watch/schedule.ts';
import { notifyOpenIncidents } from '../notify/notify-open-incidents.ts';
import { StateUnavailable } from '../ports/state-store.ts';
import type { Aim, ProbedEndpoint } from '../probe/probe-endpoints.ts';
import { probePatiently } from '../probe/probe-patiently.ts';
import { listRegistered, saveProbe } from '../state/directory.ts';
import { listDrifts } from '../state/drift-store.ts';
import { forgetHealth, listHealths, saveHealth } from '../state/health-store.ts';
import { listAcknowledgements, listIncidents, listNotifications, saveIncident } from '../state/incident-store.ts';
import { listLookTimes, saveLookTimes } from '../state/look-times.ts';
import { listMutesOf } from '../state/mutes-by-name.ts';
import { listDelivered } from '../state/postal/delivery-store.ts';
import { newestSnapshot } from '../state/postal/postal-report-store.ts';
import { wantedProbes } from '../state/postal/webhook-store.ts';
import { recordSamples } from '../state/sample-store.ts';
import { observeRegistered } from './observe-registered.ts';
import { observeStandby } from './observe-standby.ts';
import type { WatchPorts } from './watch-ports.ts';

/** Writes at once to the state table. */
const writesAtOnce = 20;
/** Kept back for writing down what was seen. */
const keptForWritingMs = 10_000;
/** The parts of one report are sent one right after the other. */
const partsArriveWithinMs = 20_000;

/** What a round came to: how many there are, how many were looked at, and how all of them are; `inconclusive`, where watch cannot see. */
export type ProbeRoundSummary = {
  readonly endpoints: number;
  readonly looked: number;
  /** How many had their turn. */
  readonly due: number;
  /** Of these, how many the prober was too busy for; they have their turn in the next round. */
  readonly busy: number;
  readonly states: Readonly<Partial<Record<EndpointState, number>>>;
  /** How many are down whose alerts are not muted. */
  readonly downUnmuted: number;
};

const watched = ({ definition, at }: Registered, zones: Policy['zones']): WatchedEndpoint => {
  const { hostname, owner, targets } = definition;
  const zone = zoneOf(hostname, zones)?.name;
  return {
    targets: targets.kind === 'addresses' ? targets.addresses : [targets.cname],
    ...(owner === undefined ? {} : { owner }),
    ...(zone === undefined ? {} : { zone }),
    definedAtMs: Date.parse(at),
  };
};

/** Whom the prober was too busy for still has the turn, in the next run. */
const hadTurn = ({ result }: ProbedEndpoint): boolean => result.ok || result.failure.kind !== 'busy';

const counted = (
  healths: Iterable<readonly [string, Health]>,
  registered: ReadonlyMap<string, Registered>,
): ProbeRoundSummary['states'] => {
  const states: Partial<Record<EndpointState, number>> = {};
  for (const [hostname, { state, blind }] of healths) {
    if (!registered.has(hostname)) continue;
    const now = blind === undefined ? state : 'inconclusive';
    states[now] = (states[now] ?? 0) + 1;
  }
  return states;
};

/** Writes one item each. One that the state table does not take is logged, and keeps no other from being written; an outage ends the round, for the next one to make good. */
const writeEach = async <Item>(
  { log }: WatchPorts,
  what: string,
  items: Iterable<Item>,
  write: (item: Item) => Promise<unknown>,
): Promise<void> => {
  const failures = await eachApart(items, writesAtOnce, (error) => error instanceof StateUnavailable, write);
  for (const { error } of failures) log.error(`watch could not keep ${what}`, { error });
};

/** What was met, compared with what is registered. One that cannot be judged is logged, and seen again in the next round. */
const observed = async (
  ports: WatchPorts,
  looked: readonly ProbedEndpoint[],
  registered: ReadonlyMap<string, Registered>,
  healths: ReadonlyMap<string, Health>,
  deadline: Deadline,
): Promise<readonly Observation[]> => {
  const drifts = await listDrifts(ports.state, deadline.signal);
  return looked.flatMap((one) => {
    const { hostname } = one.definition;
    const standing = registered.get(hostname);
    const known = { health: healths.get(hostname), drift: drifts.get(hostname) };
    try {
      return standing === undefined ? [] : [observeRegistered(standing, one, known, ports)];
    } catch (error) {
      ports.log.error('watch could not judge a probe', { hostname, error });
      return [];
    }
  });
};

/** Healths that change by what was found at standbys. */
const standbyHealths = (
  { profile, log }: WatchPorts,
  probed: readonly ProbedEndpoint[],
  healthOf: (hostname: string) => Health | undefined,
): ReadonlyMap<string, Health> => {
  const changed = new Map<string, Health>();
  for (const { definition, at, ...probe } of probed) {
    const before = healthOf(definition.hostname);
    if (at === undefined || before === undefined) continue;
    try {
      const health = withStandby(before, definition, observeStandby(definition, at, probe, profile));
      if (health !== before) changed.set(definition.hostname, health);
    } catch (error) {
      log.error('watch could not judge the probe of a standby', { hostname: definition.hostname, error });
    }
  }
  return changed;
};

/** What Postal reported last. Without it the round goes on as it does where Postal reports nothing. */
const reportedMail = async ({ state, log, clock }: WatchPorts, signal: AbortSignal): Promise<MailFacts | undefined> => {
  try {
    const newest = await newestSnapshot(state, signal);
    if (newest === undefined) return undefined;
    // What explains Postal's words is much to load, and needed only where Postal reports.
    const { mailFactsOf } = await import('../../core/watch/mail/mail-facts.ts');
    return mailFactsOf(
      newest.snapshot,
      newest.heads.map(({ sender }) => sender),
      newest.heads.every(({ part, receivedAtMs }) => part === null || clock.now() - receivedAtMs > partsArriveWithinMs),
    );
  } catch (error) {
    log.error('watch could not read what Postal reported', { error });
    return undefined;
  }
};

/**
 * One round of looks: the endpoints whose turn it is are probed, what follows is written down, and the worker is asked to tell people. What a run that died
 * has left undone, the next one makes good (see `round`): it writes healths, then incidents, and asks for all that is not told.
 */
export const look = async (ports: WatchPorts, deadline: Deadline): Promise<ProbeRoundSummary> => {
  const { state, clock, policy } = ports;
  const { signal } = deadline;
  const [directory, healths, times, wishes] = await Promise.all([
    listRegistered(state, signal),
    listHealths(state, signal),
    listLookTimes(state, signal),
    wantedProbes(state, signal),
  ]);
  const registered = new Map<string, Registered>(directory.map((one) => [one.definition.hostname, one]));
  const since = directory.map(({ definition: { hostname } }) => {
    const lastAtMs = times.get(hostname);
    const isInDoubt = (healths.get(hostname)?.recent.length ?? 0) > 0;
    const wantedAtMs = wishes.get(hostname);
    return {
      hostname,
      isInDoubt,
      ...(lastAtMs === undefined ? {} : { lastAtMs }),
      ...(wantedAtMs === undefined ? {} : { wantedAtMs }),
    };
  });
  const wanted = new Set(dueEndpoints(since, policy.watch, clock.now()));
  const definitions = directory.map(({ definition }) => definition).filter(({ hostname }) => wanted.has(hostname));
  const aims = definitions.flatMap((definition): Aim[] => {
    const { hostname, standby } = definition;
    const isDue = isStandbyDue(definition, healths.get(hostname), policy.watch, clock.now());
    return isDue && standby !== undefined ? [{ definition }, { definition, at: standby }] : [{ definition }];
  });
  const probed = await probePatiently(ports, aims, { atMs: deadline.atMs - keptForWritingMs, signal });
  const looked = probed.filter(({ at }) => at === undefined);
  const observations = await observed(ports, looked, registered, healths, deadline);

  const [incidents, mutes] = await Promise.all([
    listIncidents(state, signal),
    listMutesOf(
      ports,
      directory.map(({ definition }) => definition),
      signal,
    ),
  ]);
  const mail = await reportedMail(ports, signal);
  const after = round({
    nowMs: clock.now(),
    rules: policy.watch,
    endpoints: new Map([...registered].map(([hostname, one]) => [hostname, watched(one, policy.zones)])),
    healths,
    observations,
    incidents,
    mutes,
    mail,
  });
  const standbys = standbyHealths(
    ports,
    probed.filter(hadTurn),
    (hostname) => after.healths.get(hostname) ?? healths.get(hostname),
  );
  await writeEach(ports, 'the health of an endpoint', new Map([...after.healths, ...standbys]), ([hostname, health]) =>
    saveHealth(state, hostname, health, signal),
  );
  await writeEach(ports, 'an incident', after.incidents, (incident) => saveIncident(state, incident, signal));
  const open = new Map([...incidents, ...after.incidents].map((incident) => [incident.id, incident]));
  const [notifications, acknowledgements, delivered] = await Promise.all([
    listNotifications(state, signal),
    listAcknowledgements(state, signal),
    policy.watch.destinations.length === 0 ? () => [] : listDelivered(state, signal),
  ]);
  await notifyOpenIncidents(ports, [...open.values()], { notifications, acknowledgements, mutes, delivered }, signal);

  const done = looked.filter(hadTurn);
  if (ports.database !== undefined) {
    const { keepPredictions } = await import('./keep-predictions.ts');
    const turns = new Set<string>(done.map(({ definition }) => definition.hostname));
    const looks = { observations: observations.filter(({ hostname }) => turns.has(hostname)), registered, times };
    await keepPredictions(ports, looks, (what, items, write) => writeEach(ports, what, items, write), signal);
  }
  const lookedAt = new Map([...times].filter(([hostname]) => registered.has(hostname)));
  for (const { definition, atMs } of done) lookedAt.set(definition.hostname, atMs);
  await saveLookTimes(
    state,
    done.map(({ definition }) => definition.hostname),
    lookedAt,
    signal,
  );
  await recordSamples(state, observations, signal);
  await writeEach(ports, 'that a name has left', after.forgotten, (hostname) => forgetHealth(state, hostname, signal));
  // Whoever looks at a name finds the probe that speaks of its trouble, or of its end.
  const changed = looked.filter(({ definition }) => after.healths.has(definition.hostname));
  await writeEach(ports, 'a probe', changed, ({ definition, atMs, result }) =>
    saveProbe(state, definition.hostname, { at: new Date(atMs).toISOString(), result }, signal),
  );
  const now = new Map([...healths, ...after.healths]);
  const muted = new Set(mutes.filter((mute) => holds(mute, clock.now())).map(({ hostname }) => hostname));
  return {
    endpoints: registered.size,
    looked: looked.length,
    due: wanted.size,
    busy: looked.length - done.length,
    states: counted(now, registered),
    downUnmuted: [...now].filter(
      ([hostname, { state: seen, blind }]) =>
        seen === 'down' && blind === undefined && registered.has(hostname) && !muted.has(hostname),
    ).length,
  };
};
