import { type Incident, ownerChannel, standingMembers } from './incident.ts';
import { grownText } from './incident-of-group.ts';
import { severityFor, worstState } from './members.ts';

/** Channels of owners that an incident concerns, besides the on-call channel. */
export const ownerChannels = ({ members }: Incident, onCall: string | undefined): readonly string[] => [
  ...new Set(
    members.flatMap(({ owner }) => {
      const channelId = ownerChannel(owner);
      return channelId === undefined || channelId === onCall ? [] : [channelId];
    }),
  ),
];

/** An incident as an owner's channel shows it: with that owner's endpoints only, and what happened to them; resolved as soon as all of these work again. Updates keep their places, so that each has its key. */
export const ownerView = (incident: Incident, channelId: string): Incident => {
  const { unlisted: _unlisted, of: _of, postal, ...rest } = incident;
  const members = incident.members.filter(({ owner }) => ownerChannel(owner) === channelId);
  const endMs =
    standingMembers({ members }).length === 0 ? Math.max(0, ...members.map(({ leftAtMs = 0 }) => leftAtMs)) : undefined;
  const { closedAtMs = endMs, cause } = incident;
  const severity = cause.kind === 'certificate' ? incident.severity : severityFor(worstState({ members }));
  const isMilder =
    closedAtMs === undefined && cause.kind === 'target' && severity === 'degraded' && incident.severity !== severity;
  const own = new Set(members.map(({ hostname }) => hostname));
  return {
    ...rest,
    // The numbers are of all endpoints together.
    ...(postal === undefined || members.length < incident.members.length ? {} : { postal }),
    ...(closedAtMs === undefined ? {} : { closedAtMs }),
    ...(closedAtMs === undefined ? { severity } : {}),
    ...(isMilder ? { sentence: 'Postal gets in at their other addresses.', findings: [] } : {}),
    members,
    updates: incident.updates.map((update) => {
      const { step, hostnames } = update;
      if (hostnames === undefined || step !== 'grown') return update;
      const some = hostnames.filter((hostname) => own.has(hostname));
      return { ...update, hostnames: some, text: some.length === 0 ? '' : grownText(some, members.length) };
    }),
  };
};
