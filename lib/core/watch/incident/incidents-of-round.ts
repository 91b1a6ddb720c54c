import type { WatchRules } from '../../policy/watch-rules.ts';
import type { Health } from '../health/health.ts';
import type { MailFacts } from '../mail/mail-facts.ts';
import type { Group } from './grouping.ts';
import { type Incident, standingMembers } from './incident.ts';
import { causeKey } from './incident-cause.ts';
import { closed, continued, opened } from './incident-of-group.ts';
import { endOfMailFailure } from './mail-groups.ts';

type Input = {
  readonly groups: ReadonlyMap<string, Group>;
  readonly incidents: readonly Incident[];
  readonly healths: ReadonlyMap<string, Health>;
  readonly mail?: MailFacts | undefined;
  readonly rules: WatchRules;
  readonly nowMs: number;
};

const isOpen = ({ closedAtMs }: Incident): boolean => closedAtMs === undefined;

/**
 * Whether the group is the same trouble as an incident that was closed: one of its endpoints relapsed soon after its recovery, or its target fails again as
 * soon, at whatever endpoint that shows first.
 */
const isRelapse = (
  { closedAtMs, members, cause }: Incident,
  { sufferers, massFromMs }: Group,
  { flapping }: WatchRules,
): boolean => {
  if (closedAtMs === undefined || massFromMs !== undefined) return false;
  if (cause.kind === 'target')
    return Math.min(...sufferers.map(({ sinceMs }) => sinceMs)) - closedAtMs < flapping.minutes * 60_000;
  return sufferers.some(
    ({ hostname, sinceMs, state }) =>
      state !== 'unknown' && sinceMs <= closedAtMs && members.some((member) => member.hostname === hostname),
  );
};

/** Whether everything that an incident still lists suffers from this group's cause now. */
const isWithin = (incident: Incident, names: ReadonlySet<string>): boolean => {
  const standing = standingMembers(incident);
  return standing.length > 0 && standing.every(({ hostname }) => names.has(hostname));
};

/** What to say of an incident whose cause nobody suffers from any more. */
const ending = (incident: Incident, input: Input): readonly [atMs: number, sentence: string] => {
  const { healths, groups, nowMs } = input;
  if (incident.cause.kind === 'deliveries') return endOfMailFailure(incident.cause.hostname, input);
  const standing = standingMembers(incident).map(({ hostname }) => healths.get(hostname));
  const { kind } = incident.cause;
  if (kind === 'mass-outage')
    return [nowMs, 'The mass outage is over. Endpoints that still fail are reported separately.'];
  if (kind === 'resolver' || kind === 'prober' || kind === 'policy') {
    const isMass = [...groups.values()].some(({ massFromMs }) => massFromMs !== undefined);
    return [
      nowMs,
      isMass ? 'More endpoints fail now; they are reported as one incident.' : 'Watch can check these endpoints again.',
    ];
  }
  if (standing.length > 0 && standing.every((health) => health === undefined))
    return [
      nowMs,
      standing.length === 1 ? 'The endpoint is no longer registered.' : 'The endpoints are no longer registered.',
    ];
  if (standing.some((health) => health !== undefined && health.state !== 'up'))
    return [nowMs, 'What still fails is part of another incident now.'];
  return [Math.max(...standing.map((health) => health?.sinceMs ?? incident.openedAtMs)), 'Postal gets in again.'];
};

/**
 * The incidents of endpoints after this round, those that are new or changed.
 *
 * | a group's cause has | |
 * | --- | --- |
 * | an open incident | it goes on: endpoints join and leave |
 * | one that was closed, and an endpoint relapsed soon | it is opened again |
 * | none, and all that another incident lists is in the group | that one goes on, with this cause |
 * | none | one is opened |
 *
 * An open incident whose cause has no group is closed. The causes of certificates, of the history and of watch itself are not judged here.
 */
export const incidentsOfRound = (input: Input): readonly Incident[] => {
  const { groups, incidents, healths, rules, nowMs } = input;
  const judged = incidents.filter(
    ({ cause: { kind } }) => kind !== 'certificate' && kind !== 'watch' && kind !== 'history',
  );
  const open = judged.filter(isOpen).toSorted((one, other) => one.openedAtMs - other.openedAtMs);
  const byKey = new Map<string, Incident>();
  for (const incident of open.toReversed()) byKey.set(causeKey(incident.cause), incident);
  const leftAt = (hostname: string): number => {
    const health = healths.get(hostname);
    return health?.state === 'up' && health.blind === undefined ? health.sinceMs : nowMs;
  };
  const taken = new Set<string>();
  const result: Incident[] = [];
  const goOn = (before: Incident, group: Group): void => {
    taken.add(before.id);
    const now = continued(before, group, { rules, nowMs }, leftAt);
    if (now !== before) result.push(now);
  };
  const fresh: [key: string, group: Group][] = [];
  for (const [key, group] of groups) {
    const before = byKey.get(key);
    if (before === undefined) fresh.push([key, group]);
    else goOn(before, group);
  }
  for (const [key, group] of fresh) {
    const names = new Set(group.sufferers.map(({ hostname }) => hostname));
    const same = judged.filter((incident) => !isOpen(incident) && causeKey(incident.cause) === key);
    const before =
      same.findLast((incident) => isRelapse(incident, group, rules)) ??
      open.find(
        (incident) => !taken.has(incident.id) && !groups.has(causeKey(incident.cause)) && isWithin(incident, names),
      );
    if (before !== undefined) {
      goOn(before, group);
      continue;
    }
    const sameBeginning = judged.filter(({ id }) => id.startsWith(`${key}-`));
    const made = opened(group, sameBeginning, { rules, nowMs });
    result.push(made);
  }
  for (const incident of open) {
    if (taken.has(incident.id)) continue;
    const [atMs, sentence] = ending(incident, input);
    result.push(closed(incident, atMs, sentence, { rules, nowMs }));
  }
  return result;
};
