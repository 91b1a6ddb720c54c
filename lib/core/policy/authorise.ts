import { channelReference, isSlackId } from '../base/slack-ids.ts';
import type { Actor } from '../ledger/entry.ts';
import { matchesHostname } from './hostname-pattern.ts';
import { type GroupMembers, isAmong, isIdentified, isOfTeams, noGroups, unreadGroups, unreadText } from './people.ts';
import type { PolicyDocument } from './policy.ts';
import { includesVerb } from './verbs.ts';

type Grant = PolicyDocument['grants'][number];

export type Authorisation =
  | {
      readonly allowed: true;
      /** Name of the grant that fits. */
      readonly grant: string;
    }
  | {
      readonly allowed: false;
      /** `group-unread`: a grant might fit, but who is in its user groups could not be read. */
      readonly reason: 'unknown-team' | 'unknown-channel' | 'no-grant' | 'group-unread';
      /** A sentence or two for the person. */
      readonly message: string;
    };

const denied = (reason: Extract<Authorisation, { allowed: false }>['reason'], message: string): Authorisation => ({
  allowed: false,
  reason,
  message,
});

/** A grant that names nobody is everyone's. */
const isOpen = ({ users, userGroups }: Grant): boolean => users === undefined && userGroups === undefined;
const forUser = (grant: Grant, { userId }: Actor, groups: GroupMembers): boolean =>
  isOpen(grant) || isAmong(grant, userId, groups);
const inChannel = ({ channels }: Grant, { channelId }: Actor): boolean => channels?.includes(channelId) ?? true;
const forVerb = ({ verbs }: Grant, verb: string): boolean => includesVerb(verbs, verb);

const forHostname = ({ hostnames }: Grant, hostname: string | undefined): boolean =>
  hostnames === undefined || hostname === undefined || hostnames.some((pattern) => matchesHostname(pattern, hostname));

/** Where someone asks from: Slack's ids say whether it is a channel, direct messages, or a person without either. */
const placeText = ({ channelId }: Actor): string =>
  isSlackId('channel', channelId)
    ? `in this channel (${channelReference(channelId)})`
    : 'in direct messages or App Home';

const grantedNames = (grants: readonly Grant[]): string =>
  [...new Set(grants.flatMap(({ hostnames = [] }) => hostnames))].join(', ');

/**
 * Whether policy lets someone do something to a name. Deny by default; the first grant that fits allows. `hostname` is normalised; undefined for a verb
 * without one, or where what was given is no name in the zones: to say what is wrong with it is the validation rules' part. A user group that is not in
 * `groups` lets nobody in.
 */
export const authorise = (
  policy: Pick<PolicyDocument, 'grants'>,
  actor: Actor,
  verb: string,
  hostname: string | undefined,
  groups: GroupMembers = noGroups,
): Authorisation => {
  if (!isIdentified(actor)) {
    return denied(
      'unknown-team',
      'Slack did not say who you are or which workspace you belong to, so I may do nothing for you.',
    );
  }
  const ofTeam = policy.grants.filter(({ teams }) => isOfTeams(teams, actor));
  if (ofTeam.length === 0) {
    return denied(
      'unknown-team',
      `Your workspace (${actor.teamId}) is not in the policy of this bot. Ask whoever runs it to add a grant.`,
    );
  }
  const here = ofTeam.filter((grant) => inChannel(grant, actor));
  if (here.length === 0) {
    const channels = [...new Set(ofTeam.flatMap(({ channels: ids = [] }) => ids))].map(channelReference).join(', ');
    return denied('unknown-channel', `I take no commands ${placeText(actor)}. Use one of ${channels}.`);
  }
  const fitting = here.filter((grant) => forUser(grant, actor, groups) && forVerb(grant, verb));
  const grant = fitting.find((candidate) => forHostname(candidate, hostname));
  if (grant !== undefined) return { allowed: true, grant: grant.name };
  const unread = unreadGroups(
    here.filter((candidate) => forVerb(candidate, verb) && forHostname(candidate, hostname)),
    groups,
  );
  if (unread.length > 0) {
    return denied(
      'group-unread',
      `No grant that I could check lets you (${actor.userId}) use ${verb}. ${unreadText(unread)}`,
    );
  }
  if (fitting.length > 0) {
    return denied(
      'no-grant',
      `You may use ${verb} here, but not for ${hostname ?? 'this name'}: only for ${grantedNames(fitting)}.`,
    );
  }
  const elsewhere = ofTeam.filter(
    (candidate) => forUser(candidate, actor, groups) && forVerb(candidate, verb) && forHostname(candidate, hostname),
  );
  const channels = [...new Set(elsewhere.flatMap(({ channels: ids = [] }) => ids))];
  return denied(
    'no-grant',
    channels.length > 0
      ? `You may use ${verb}, but not ${placeText(actor)}. Use ${channels.map(channelReference).join(' or ')}.`
      : `No grant lets you (${actor.userId}) use ${verb}. Ask whoever runs this bot for more.`,
  );
};

/** The user groups on which it may hang whether someone may use a verb here, and what to say where not. */
export const groupsBehind = (policy: Pick<PolicyDocument, 'grants'>, actor: Actor, verb: string): readonly string[] => {
  const ofTeam = policy.grants.filter(({ teams }) => isOfTeams(teams, actor));
  const matters = ofTeam.some((grant) => inChannel(grant, actor)) ? ofTeam.filter((grant) => forVerb(grant, verb)) : [];
  return unreadGroups(matters, noGroups);
};

/** Whether policy lets someone do one of these to a name from some channel or other: for the App Home, which is in none. */
export const maySomewhere = (
  policy: Pick<PolicyDocument, 'grants'>,
  actor: Actor,
  verbs: readonly string[],
  hostname: string | undefined,
  groups: GroupMembers = noGroups,
): boolean =>
  policy.grants.some(
    (grant) =>
      isOfTeams(grant.teams, actor) &&
      forUser(grant, actor, groups) &&
      verbs.some((verb) => forVerb(grant, verb)) &&
      forHostname(grant, hostname),
  );

/** One grant as `whoami` says it. */
export type GrantSummary = {
  readonly name: string;
  /** `*` is every verb but those that have to be named. */
  readonly verbs: readonly string[];
  /** Absent: any name in the zones. */
  readonly hostnames?: readonly string[];
  /** Absent: any channel. */
  readonly channels?: readonly string[];
  /** Whether it holds in the channel in which the person asks. */
  readonly here: boolean;
};

/** Every grant that a person has, those that hold in this channel first. */
export const grantsFor = (
  policy: Pick<PolicyDocument, 'grants'>,
  actor: Actor,
  groups: GroupMembers = noGroups,
): readonly GrantSummary[] =>
  policy.grants
    .filter((grant) => isOfTeams(grant.teams, actor) && forUser(grant, actor, groups))
    .map((grant) => ({
      name: grant.name,
      verbs: grant.verbs,
      ...(grant.hostnames === undefined ? {} : { hostnames: grant.hostnames }),
      ...(grant.channels === undefined ? {} : { channels: grant.channels }),
      here: inChannel(grant, actor),
    }))
    .sort((one, other) => Number(other.here) - Number(one.here));
