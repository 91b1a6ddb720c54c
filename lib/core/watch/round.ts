import type { WatchRules } from '../policy/watch-rules.ts';
import { isOldReport } from '../postal/reports/source-words.ts';
import { certificateIncidents } from './certificate.ts';
import type { Health } from './health/health.ts';
import { settled, withObservation } from './health/hysteresis.ts';
import type { Observation } from './health/observation.ts';
import type { WatchedEndpoint } from './health/watched-endpoint.ts';
import { groupsOf } from './incident/grouping.ts';
import type { Incident } from './incident/incident.ts';
import { incidentsOfRound } from './incident/incidents-of-round.ts';
import { massOutage, spansWithout } from './incident/mass-outage.ts';
import { withMailNumbers } from './incident/with-mail-numbers.ts';
import type { MailFacts } from './mail/mail-facts.ts';
import { isMuted, type Mute } from './mute/mute.ts';

export type RoundInput = {
  readonly nowMs: number;
  readonly rules: WatchRules;
  /** Every endpoint that is registered, looked at in this round or not. */
  readonly endpoints: ReadonlyMap<string, WatchedEndpoint>;
  /** Of all endpoints, by hostname; also of some that are registered no more. */
  readonly healths: ReadonlyMap<string, Health>;
  /** What was looked at in this round. */
  readonly observations: readonly Observation[];
  /** All that are open, and those closed that are not over yet (`isOver`). */
  readonly incidents: readonly Incident[];
  readonly mutes: readonly Mute[];
  /** What Postal reported last, of whatever age; absent: nothing. */
  readonly mail?: MailFacts | undefined;
};

export type RoundResult = {
  /** Those that changed, alone. */
  readonly healths: ReadonlyMap<string, Health>;
  /** Hostnames that are registered no more, and whose health is to be forgotten. */
  readonly forgotten: readonly string[];
  /** Those that are new or changed, alone. */
  readonly incidents: readonly Incident[];
};

/**
 * What one round of looks leads to; pure, and asked for with no looks at all it makes good what an earlier round that died did not come to.
 *
 * Write `healths` first, all of them, then `incidents`, then ask for each incident to be told (also for those that are open and not told yet). Incidents are
 * drawn from healths and from nothing else, with ids that follow from them:
 *
 * | watch dies | the next round |
 * | --- | --- |
 * | before or among the healths | sees the looks that were kept; the others count as never made |
 * | after the healths, before or among the incidents | opens, changes and closes those that are missing, with the same ids |
 * | after an incident, before it is asked to be told | finds it told too little, and asks |
 *
 * The same round once more, after its writes, changes nothing.
 */
export const round = (input: RoundInput): RoundResult => {
  const { nowMs, rules, endpoints, observations, incidents, mutes } = input;
  const muted = new Set(mutes.map(({ hostname }) => hostname).filter((hostname) => isMuted(mutes, hostname, nowMs)));
  const healths = new Map(input.healths);
  const forgotten = [...input.healths.keys()].filter((hostname) => !endpoints.has(hostname));
  for (const hostname of forgotten) healths.delete(hostname);
  const seen = observations.filter(({ hostname }) => endpoints.has(hostname));
  for (const observation of seen)
    healths.set(observation.hostname, withObservation(healths.get(observation.hostname), observation, rules));

  // Whoever is muted is expected to fail: maintenance of most endpoints is no mass failure.
  const audible = muted.size === 0 ? healths : new Map([...healths].filter(([hostname]) => !muted.has(hostname)));
  const mass = massOutage(audible, endpoints, incidents, rules, nowMs);
  const spans = [
    ...spansWithout(incidents, audible, endpoints, seen, rules, nowMs),
    ...(mass === undefined ? [] : [{ fromMs: mass.fromMs, toMs: Infinity }]),
  ];
  const changed = new Map<string, Health>();
  for (const [hostname, noted] of healths) {
    const health = settled(noted, rules, spans);
    if (health !== noted) healths.set(hostname, health);
    if (health !== input.healths.get(hostname)) changed.set(hostname, health);
  }
  // Old facts neither open nor resolve an incident, and their numbers are left out.
  const mail = input.mail === undefined || isOldReport(input.mail.atMs, nowMs) ? undefined : input.mail;
  const groups = groupsOf({ healths, endpoints, incidents, mass, muted, mail, rules, nowMs });
  const judged = incidentsOfRound({ groups, incidents, healths, mail, rules, nowMs });
  const after = [
    ...withMailNumbers(judged, incidents, mail, nowMs),
    ...certificateIncidents(healths, incidents, rules, nowMs, {
      isMuted: (hostname) => muted.has(hostname),
      ownerOf: (hostname) => endpoints.get(hostname)?.owner,
    }),
  ];
  return { healths: changed, forgotten, incidents: after };
};
