import type { Health } from '../health/health.ts';
import type { WatchedEndpoint } from '../health/watched-endpoint.ts';
import type { MailOfHostname } from '../mail/mail-facts.ts';
import type { Group, GroupingInput } from './grouping.ts';
import type { Incident } from './incident.ts';
import { causeKey } from './incident-cause.ts';

/** Failures from before the endpoint came back, or was registered as it is, belong to the trouble that is over: Postal tries again, and then it shows. */
const isFromBefore = (
  { trouble, sinceMs }: Health,
  { definedAtMs = 0 }: WatchedEndpoint,
  { lastFailureAtMs }: MailOfHostname,
): boolean =>
  lastFailureAtMs !== undefined && lastFailureAtMs <= Math.max(definedAtMs, trouble === undefined ? 0 : sinceMs);

/** Whether facts say that an open incident is over: newer ones, which name the endpoint as delivering or no longer have it. */
const isOver = ({ postal }: Incident, { mail }: GroupingInput, hostname: string): boolean => {
  if (mail === undefined || !mail.isWhole || (postal !== undefined && mail.atMs <= postal.atMs)) return false;
  const facts = mail.byHostname.get(hostname);
  return facts === undefined || facts.state === 'delivers';
};

/**
 * Endpoints that the probe gets into, or that nobody registered, and to which Postal's deliveries fail; one group for each hostname.
 *
 * | facts | incident is open | incident is not open |
 * | --- | --- | --- |
 * | missing, stale or incomplete | it goes on | |
 * | failing | it goes on | it opens, unless the probe fails too or the failures are from before the recovery or the registration |
 * | newer, and not failing | it is resolved | |
 *
 * `taken`: endpoints that another group has, which the failure of mail then belongs to.
 */
export const mailGroups = (input: GroupingInput, taken: ReadonlySet<string>): readonly Group[] => {
  const { mail, healths, endpoints, incidents, mass, muted } = input;
  const open = new Map(
    incidents.flatMap((incident) =>
      incident.cause.kind === 'deliveries' && incident.closedAtMs === undefined
        ? [[incident.cause.hostname, incident] as const]
        : [],
    ),
  );
  const mayOpen = (hostname: string, facts: MailOfHostname): boolean => {
    if (facts.state !== 'failing' || mass !== undefined || muted.has(hostname)) return false;
    const endpoint = endpoints.get(hostname);
    if (endpoint === undefined) return true;
    const health = healths.get(hostname);
    return health?.state === 'up' && health.blind === undefined && !isFromBefore(health, endpoint, facts);
  };
  return [...new Set([...open.keys(), ...(mail?.byHostname.keys() ?? [])])].flatMap((hostname): Group[] => {
    if (taken.has(hostname)) return [];
    const before = open.get(hostname);
    const facts = mail?.byHostname.get(hostname);
    if (before === undefined ? facts === undefined || !mayOpen(hostname, facts) : isOver(before, input, hostname))
      return [];
    const owner = endpoints.get(hostname)?.owner;
    const isMuted = muted.has(hostname);
    const sinceMs = before?.openedAtMs ?? facts?.sinceMs ?? input.nowMs;
    const said = facts?.state === 'failing' ? facts.said : before;
    return [
      {
        cause: { kind: 'deliveries', hostname },
        // No mail arrives, whatever the probe sees: as severe as being down.
        sufferers: [{ hostname, state: 'down', owner, sinceMs, isFlapping: false, isMuted }],
        sentence: said?.sentence ?? '',
        findings: said?.findings ?? [],
      },
    ];
  });
};

/** When, and with which words, an incident of this cause ends. */
export const endOfMailFailure = (
  hostname: string,
  { groups, mail, nowMs }: Pick<GroupingInput, 'mail' | 'nowMs'> & { readonly groups: ReadonlyMap<string, Group> },
): readonly [atMs: number, sentence: string] => {
  const own = causeKey({ kind: 'deliveries', hostname });
  const isElsewhere = [...groups].some(
    ([key, { sufferers }]) => key !== own && sufferers.some((each) => each.hostname === hostname),
  );
  if (isElsewhere) return [nowMs, 'What still fails is part of another incident now.'];
  const facts = mail?.byHostname.get(hostname);
  if (facts === undefined) return [nowMs, 'Postal no longer has this endpoint.'];
  return facts.lastSentAtMs === undefined
    ? [nowMs, 'Postal’s deliveries no longer fail.']
    : [facts.lastSentAtMs, 'Postal delivers again.'];
};
