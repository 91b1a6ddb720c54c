import type { Plan } from '../../core/dns/plan.ts';
import type { Actor } from '../../core/ledger/entry.ts';
import { type Approval, mayApprove } from '../../core/policy/approvers.ts';
import { type Authorisation, authorise, groupsBehind } from '../../core/policy/authorise.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import { protectionOf, protectionOfPointer } from '../../core/policy/protected-names.ts';
import { type ReleaseDecision, type ReleaseRequest, releaseFor } from '../../core/policy/release.ts';
import { type Rights, rightsFor, rightsGroups } from '../../core/policy/rights.ts';
import { type CachedUserGroups, membersOf, unremembered } from '../ports/user-groups.ts';
import { decideWithGroups } from './decide-with-groups.ts';

/** `authorise`, with user groups as they were at most 60 s ago, and as they are now before it denies. */
export const authoriseFresh = (
  policy: Pick<PolicyDocument, 'grants'>,
  actor: Actor,
  verb: string,
  hostname: string | undefined,
  userGroups: CachedUserGroups,
  signal: AbortSignal,
): Promise<Authorisation> =>
  decideWithGroups(
    userGroups,
    groupsBehind(policy, actor, verb),
    (groups) => {
      const decision = authorise(policy, actor, verb, hostname, groups);
      return { decision, denied: !decision.allowed };
    },
    signal,
  );

/** `releaseFor`, with user groups as they were at most 60 s ago, and as they are now before it refuses. */
export const releaseForFresh = (
  policy: Pick<PolicyDocument, 'protected' | 'confirm' | 'breakGlass'>,
  request: ReleaseRequest,
  userGroups: CachedUserGroups,
  signal: AbortSignal,
): Promise<ReleaseDecision> =>
  decideWithGroups(
    userGroups,
    policy.breakGlass?.userGroups ?? [],
    (groups) => {
      const decision = releaseFor(policy, request, groups);
      return { decision, denied: decision.kind === 'refused' };
    },
    signal,
  );

/** The rule that says who approves a plan. */
const ruleOfPlan = (policy: Pick<PolicyDocument, 'protected'>, plan: Pick<Plan, 'hostname' | 'verb' | 'release'>) => {
  const led = plan.release.kind === 'approval' ? plan.release.onAccountOf : undefined;
  return led === undefined
    ? protectionOf(policy, plan.verb, plan.hostname)
    : protectionOfPointer(policy, plan.verb, led);
};

/** `mayApprove`, with user groups as they were at most 60 s ago, and as they are now before it refuses. */
export const mayApproveFresh = (
  policy: Pick<PolicyDocument, 'protected'>,
  plan: Pick<Plan, 'hostname' | 'verb' | 'release'>,
  requester: Actor,
  actor: Actor,
  userGroups: CachedUserGroups,
  signal: AbortSignal,
): Promise<Approval> =>
  decideWithGroups(
    userGroups,
    ruleOfPlan(policy, plan)?.approvers.userGroups ?? [],
    (groups) => {
      const decision = mayApprove(policy, plan, requester, actor, groups);
      return { decision, denied: !decision.allowed };
    },
    signal,
  );

/** `rightsFor`, with user groups as they are now: whoever looks may just have been put into one. */
export const rightsForFresh = async (
  policy: Pick<PolicyDocument, 'grants' | 'protected' | 'breakGlass'>,
  actor: Actor,
  userGroups: CachedUserGroups,
  signal: AbortSignal,
): Promise<Rights> =>
  rightsFor(policy, actor, await membersOf(unremembered(userGroups), rightsGroups(policy, actor), signal));
