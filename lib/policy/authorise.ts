import type { Actor } from '../ledger/entry.ts';
import { matchesHostname } from './hostname-pattern.ts';
import type { PolicyDocument } from './policy.ts';

type Grant = PolicyDocument['grants'][number];

export type Authorisation =
  | {
      readonly allowed: true;
      /** Name of the grant that fits. */
      readonly grant: string;
    }
  | {
      readonly allowed: false;
      readonly reason: 'unknown-team' | 'unknown-channel' | 'no-grant';
      /** A sentence or two for the person. */
      readonly message: string;
    };

const denied = (reason: 'unknown-team' | 'unknown-channel' | 'no-grant', message: string): Authorisation => ({ allowed: false, reason, message });

const forUser = ({ users }: Grant, { userId }: Actor): boolean => users?.includes(userId) ?? true;
const inChannel = ({ channels }: Grant, { channelId }: Actor): boolean => channels?.includes(channelId) ?? true;
const forVerb = ({ verbs }: Grant, verb: string): boolean => verbs.includes('*') || verbs.includes(verb);

const forHostname = ({ hostnames }: Grant, hostname: string | undefined): boolean =>
  hostnames === undefined || hostname === undefined || hostnames.some((pattern) => matchesHostname(pattern, hostname));

const grantedNames = (grants: readonly Grant[]): string => [...new Set(grants.flatMap(({ hostnames = [] }) => hostnames))].join(', ');

/**
 * Whether policy lets someone do something to a name. Deny by default; the first grant that fits allows. `hostname` is normalised; undefined for a verb
 * without one, or where what was given is no name in the zones: to say what is wrong with it is the validation rules' part.
 */
export const authorise = (policy: Pick<PolicyDocument, 'grants'>, actor: Actor, verb: string, hostname: string | undefined): Authorisation => {
  const ofTeam = policy.grants.filter(({ teams }) => teams.includes(actor.teamId));
  if (ofTeam.length === 0) {
    return denied('unknown-team', `This workspace (${actor.teamId}) is not in the policy of this bot. Ask whoever runs it to add a grant.`);
  }
  const here = ofTeam.filter((grant) => inChannel(grant, actor));
  if (here.length === 0) {
    const channels = [...new Set(ofTeam.flatMap(({ channels: ids = [] }) => ids))].join(', ');
    return denied('unknown-channel', `I take no commands in this channel (${actor.channelId}). Use one of ${channels}.`);
  }
  const fitting = here.filter((grant) => forUser(grant, actor) && forVerb(grant, verb));
  const grant = fitting.find((candidate) => forHostname(candidate, hostname));
  if (grant !== undefined) return { allowed: true, grant: grant.name };
  if (fitting.length > 0) {
    return denied('no-grant', `You may use ${verb} here, but not for ${hostname ?? 'this name'}: only for ${grantedNames(fitting)}.`);
  }
  const elsewhere = ofTeam.filter((candidate) => forUser(candidate, actor) && forVerb(candidate, verb) && forHostname(candidate, hostname));
  const channels = [...new Set(elsewhere.flatMap(({ channels: ids = [] }) => ids))];
  return denied(
    'no-grant',
    channels.length > 0
      ? `You may use ${verb}, but not in this channel (${actor.channelId}). Use ${channels.join(' or ')}.`
      : `No grant lets you (${actor.userId}) use ${verb}. \`whoami\` shows what you may do; ask whoever runs this bot for more.`,
  );
};

/** One grant as `whoami` says it. */
export type GrantSummary = {
  readonly name: string;
  /** `*` is every verb. */
  readonly verbs: readonly string[];
  /** Absent: any name in the zones. */
  readonly hostnames?: readonly string[];
  /** Absent: any channel. */
  readonly channels?: readonly string[];
  /** Whether it holds in the channel in which the person asks. */
  readonly here: boolean;
};

/** Every grant that a person has, those that hold in this channel first. */
export const grantsFor = (policy: Pick<PolicyDocument, 'grants'>, actor: Actor): readonly GrantSummary[] =>
  policy.grants
    .filter((grant) => grant.teams.includes(actor.teamId) && forUser(grant, actor))
    .map((grant) => ({
      name: grant.name,
      verbs: grant.verbs,
      ...(grant.hostnames === undefined ? {} : { hostnames: grant.hostnames }),
      ...(grant.channels === undefined ? {} : { channels: grant.channels }),
      here: inChannel(grant, actor),
    }))
    .sort((one, other) => Number(other.here) - Number(one.here));
