import type { Plan } from '../dns/plan.ts';
import type { Actor } from '../ledger/entry.ts';
import { type GroupMembers, isAmong, isSamePerson, noGroups, unreadGroups, unreadText } from './people.ts';
import type { PolicyDocument } from './policy.ts';
import { protectionOf, protectionOfPointer } from './protected-names.ts';

export type Approval =
  | {
      readonly allowed: true;
      /** What makes this the right person. */
      readonly because: string;
    }
  | {
      readonly allowed: false;
      readonly reason:
        | 'nothing-to-release'
        | 'policy-changed'
        | 'not-the-requester'
        | 'self-approval'
        | 'not-an-approver'
        | 'group-unread';
      /** A sentence or two for the person. */
      readonly message: string;
    };

const refused = (reason: Extract<Approval, { allowed: false }>['reason'], message: string): Approval => ({
  allowed: false,
  reason,
  message,
});

/**
 * Whether someone's word releases a plan that waits: the requester's own where it wants a confirmation, an approver's who is not the requester where it
 * wants an approval. Judged by today's policy, not by that of the day on which the plan was made. That they may use `approve` at all, and that the
 * requester still may make the change, `authorise` has to say besides.
 *
 * | plan wants   | protected today | who                        |                    |
 * | ------------ | --------------- | -------------------------- | ------------------ |
 * | confirmation | no              | the requester              | allowed            |
 * | confirmation | no              | anyone else                | not-the-requester  |
 * | confirmation | yes             | anyone                     | policy-changed     |
 * | approval     | yes             | the requester              | self-approval      |
 * | approval     | yes             | an approver of today's rule | allowed            |
 * | approval     | yes             | anyone else                | not-an-approver, or group-unread where nobody knows |
 * | approval     | no              | anyone                     | policy-changed     |
 * | neither      | any             | anyone                     | nothing-to-release |
 */
export const mayApprove = (
  policy: Pick<PolicyDocument, 'protected'>,
  plan: Pick<Plan, 'hostname' | 'verb' | 'release'>,
  requester: Actor,
  actor: Actor,
  groups: GroupMembers = noGroups,
): Approval => {
  const { verb, hostname, release } = plan;
  const led = release.kind === 'approval' ? release.onAccountOf : undefined;
  const rule = led === undefined ? protectionOf(policy, verb, hostname) : protectionOfPointer(policy, verb, led);
  const isRequester = actor.userId === requester.userId;
  switch (release.kind) {
    case 'at-once':
    case 'break-glass':
      return refused('nothing-to-release', 'This change waits for nobody: it is applied as soon as it is asked for.');
    case 'confirmation':
      if (rule !== undefined)
        return refused(
          'policy-changed',
          `${hostname} now falls under the rule "${rule.name}": it needs a second person. Ask again.`,
        );
      return isSamePerson(actor, requester)
        ? { allowed: true, because: 'confirmed by whoever asked for it' }
        : refused('not-the-requester', `Only whoever asked for this change (${requester.userId}) can confirm it.`);
    case 'approval': {
      if (rule === undefined)
        return refused('policy-changed', `The policy no longer says who approves a change of ${hostname}. Ask again.`);
      if (isRequester)
        return refused(
          'self-approval',
          `You asked for this change yourself: the rule "${rule.name}" needs a second person.`,
        );
      if (isAmong(rule.approvers, actor.userId, groups))
        return { allowed: true, because: `approver of "${rule.name}"` };
      const unread = unreadGroups([rule.approvers], groups);
      return unread.length > 0
        ? refused('group-unread', `I could not check whether you may approve this. ${unreadText(unread)}`)
        : refused(
            'not-an-approver',
            `You (${actor.userId}) are not among those who approve changes under "${rule.name}".`,
          );
    }
  }
};
