import { type ChangeVerb, changeVerbs } from '../dns/plan.ts';
import type { Actor } from '../ledger/entry.ts';
import { type GrantSummary, grantsFor } from './authorise.ts';
import { type GroupMembers, isAmong, isOfTeams, noGroups, unreadGroups } from './people.ts';
import type { PolicyDocument } from './policy.ts';
import { protectsVerb } from './protected-names.ts';
import { mayBreakGlass } from './release.ts';

/** One rule of protected names, as it is told to someone who may approve under it. */
export type ApproverSummary = {
  readonly name: string;
  readonly hostnames: readonly string[];
  /** Changes that need a second person. */
  readonly verbs: readonly ChangeVerb[];
  readonly channelId: string;
};

/** Everything that a person may do, as `whoami` says it. */
export type Rights = {
  readonly grants: readonly GrantSummary[];
  /** Protected names for which they may approve the changes of others. */
  readonly approves: readonly ApproverSummary[];
  /** Changes of protected names that they may apply at once, with a reason; empty: none. */
  readonly breaksGlassFor: readonly ChangeVerb[];
  /** User groups that could not be read: there may be more rights through them. */
  readonly unreadGroups: readonly string[];
};

type Rules = Pick<PolicyDocument, 'grants' | 'protected' | 'breakGlass'>;

/** Whoever policy names anywhere that concerns this person's team. */
const peopleNamed = ({ grants, protected: rules, breakGlass }: Rules, actor: Actor) => [
  ...grants.filter(({ teams }) => isOfTeams(teams, actor)),
  ...rules.map(({ approvers }) => approvers),
  ...(breakGlass === undefined ? [] : [breakGlass]),
];

/** The user groups on which someone's rights may hang. */
export const rightsGroups = (policy: Rules, actor: Actor): readonly string[] =>
  unreadGroups(peopleNamed(policy, actor), noGroups);

/** Everything that policy lets a person do. */
export const rightsFor = (policy: Rules, actor: Actor, groups: GroupMembers = noGroups): Rights => ({
  grants: grantsFor(policy, actor, groups),
  approves: policy.protected
    .filter(({ approvers }) => isAmong(approvers, actor.userId, groups))
    .map(({ name, hostnames, verbs, channel }) => ({
      name,
      hostnames,
      verbs: changeVerbs.filter((verb) => protectsVerb({ verbs }, verb)),
      channelId: channel,
    })),
  breaksGlassFor: changeVerbs.filter((verb) => mayBreakGlass(policy, actor.userId, verb, groups)),
  unreadGroups: unreadGroups(peopleNamed(policy, actor), groups),
});
