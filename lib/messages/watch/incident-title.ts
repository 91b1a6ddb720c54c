import type { Way } from '../../core/watch/health/fault.ts';
import type { Incident, Member } from '../../core/watch/incident/incident.ts';
import { concernedCount } from '../../core/watch/incident/members.ts';

type Tense = 'now' | 'past';

const endpointWords: Readonly<Record<Member['state'], readonly [now: string, past: string, are: string]>> = {
  up: ['is up', 'was up', 'up'],
  degraded: ['is degraded', 'was degraded', 'degraded'],
  plaintext: ['is no longer encrypted', 'was no longer encrypted', 'in plaintext'],
  drifted: ['has drifted', 'had drifted', 'drifted'],
  down: ['is down', 'was down', 'down'],
  unknown: ['cannot be checked', 'could not be checked', 'unknown'],
};

const wayWords: Readonly<Record<Way, readonly [now: string, past: string]>> = {
  unreachable: ['does not answer', 'did not answer'],
  tls: ['has a TLS problem', 'had a TLS problem'],
  smtp: ['does not take mail', 'did not take mail'],
};

const blindWords = {
  resolver: 'the resolver fails',
  prober: 'the prober fails',
  policy: 'the policy does not allow it',
} as const;

const endpoints = (count: number): string => `${count} ${count === 1 ? 'endpoint' : 'endpoints'}`;

/** `11 endpoints down, 1 degraded`: all that an incident concerns or has concerned, so that its first and last message count the same. */
export const memberCounts = (incident: Pick<Incident, 'members' | 'unlisted'>): string => {
  const { members, unlisted = 0 } = incident;
  const counted = (['down', 'plaintext', 'drifted', 'degraded', 'unknown'] as const)
    .map((state) => ({ state, count: members.filter((member) => member.state === state).length }))
    .filter(({ count }) => count > 0);
  const [first, ...others] = counted;
  if (first === undefined) return endpoints(concernedCount(incident));
  const words = ({ state, count }: (typeof counted)[number]): string => `${count} ${endpointWords[state][2]}`;
  return [`${endpoints(first.count + unlisted)} ${endpointWords[first.state][2]}`, ...others.map(words)].join(', ');
};

const endpointTitle = ({ isFlapping }: Incident, { hostname, state }: Member, tense: Tense): string => {
  if (isFlapping === true) return `${hostname} ${tense === 'now' ? 'is' : 'was'} flapping`;
  return `${hostname} ${endpointWords[state][tense === 'now' ? 0 : 1]}`;
};

/** The incident in a few words, without its duration; not escaped. */
export const incidentTitle = (incident: Incident, tense: Tense = 'now'): string => {
  const { cause, members, isFlapping, of } = incident;
  const [first] = members;
  const only = concernedCount(incident) === 1 ? first : undefined;
  const is = tense === 'now' ? 0 : 1;
  switch (cause.kind) {
    case 'single':
      return endpointTitle(incident, first ?? { hostname: cause.hostname, state: 'down', joinedAtMs: 0 }, tense);
    case 'target': {
      if (only !== undefined) return endpointTitle(incident, only, tense);
      const what = isFlapping === true ? ['is flapping', 'was flapping'][is] : wayWords[cause.way][is];
      return `${cause.target} ${what}: ${memberCounts(incident)}`;
    }
    case 'zone':
      return `Names of ${cause.zone} ${['do', 'did'][is]} not resolve: ${memberCounts(incident)}`;
    case 'mass-outage':
      return `${of === undefined ? '' : `${concernedCount(incident)} of `}${endpoints(of ?? concernedCount(incident))} failed together`;
    case 'resolver':
    case 'prober':
    case 'policy':
      return `${endpoints(concernedCount(incident))} ${['cannot', 'could not'][is]} be checked: ${blindWords[cause.kind]}`;
    case 'deliveries':
      return `${cause.hostname}: ${['mail fails', 'mail failed'][is]}`;
    case 'certificate': {
      const whose = only === undefined ? endpoints(concernedCount(incident)) : only.hostname;
      return `The certificate of ${whose} ${['expires soon', 'was about to expire'][is]}`;
    }
    case 'history':
      return `The history ${['is', 'was'][is]} not verified`;
    case 'watch':
      return cause.what === 'queue'
        ? `The queue ${['makes', 'made'][is]} no progress`
        : `Watch ${['does', 'did'][is]} not finish its rounds`;
  }
};
