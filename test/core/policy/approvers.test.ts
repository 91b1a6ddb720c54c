import { expect, test } from 'vitest';
import type { Release } from '../../../lib/core/dns/plan.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { mayApprove } from '../../../lib/core/policy/approvers.ts';
import { examplePolicy } from '../validation/example-policy.ts';

const policy = examplePolicy({
  protected: [
    {
      name: 'production',
      hostnames: ['*.prod.corp.internal'],
      approvers: { users: ['U1', 'U2'], userGroups: ['SMAIL'] },
      channel: 'C0OPS',
    },
  ],
});
const groups = new Map([['SMAIL', new Set(['U3'])]]);
const person = (userId: string, teamId = 'T1') => ({ teamId, userId, userName: 'x', channelId: 'C1' });

const approval: Release = { kind: 'approval', channelId: 'C0OPS', because: 'production' };
const confirmation: Release = { kind: 'confirmation' };
const plan = (release: Release, host = 'db.prod.corp.internal') => {
  const parsed = parseHostname(host);
  if (!('hostname' in parsed)) throw new Error(`${host} is no hostname`);
  return { verb: 'update' as const, hostname: parsed.hostname, release };
};

const open = 'gitlab.corp.internal';

test.each([
  ['an approver', plan(approval), person('U1'), true],
  ['a member of the approving group', plan(approval), person('U3'), true],
  ['someone else', plan(approval), person('U5'), 'not-an-approver'],
  ['the requester', plan(approval), person('U9'), 'self-approval'],
  ['the requester, from another workspace', plan(approval), person('U9', 'T2'), 'self-approval'],
  ['an approver, of a name that is not protected any more', plan(approval, open), person('U1'), 'policy-changed'],
  ['the requester of a confirmation', plan(confirmation, open), person('U9'), true],
  ['an approver of a confirmation', plan(confirmation, open), person('U1'), 'not-the-requester'],
  [
    'the namesake of a requester, in another workspace',
    plan(confirmation, open),
    person('U9', 'T2'),
    'not-the-requester',
  ],
  ['the requester, of a name that is protected by now', plan(confirmation), person('U9'), 'policy-changed'],
  ['anyone, of what goes at once', plan({ kind: 'at-once' }, open), person('U9'), 'nothing-to-release'],
  [
    'an approver, after the glass was broken',
    plan({ kind: 'break-glass', because: 'x', reason: 'y' }),
    person('U1'),
    'nothing-to-release',
  ],
] as const)('%s', (_, asked, actor, result) => {
  const decided = mayApprove(policy, asked, person('U9'), actor, groups);
  expect(decided.allowed || decided.reason).toBe(result);
});

test('an approver may not approve what they asked for themselves', () => {
  expect(mayApprove(policy, plan(approval), person('U1'), person('U1'), groups)).toEqual({
    allowed: false,
    reason: 'self-approval',
    message: 'You asked for this change yourself: the rule "production" needs a second person.',
  });
  expect(mayApprove(policy, plan(approval), person('U3'), person('U3'), groups)).toMatchObject({
    reason: 'self-approval',
  });
  expect(mayApprove(policy, plan(approval), person('U1'), person('U2'), groups)).toEqual({
    allowed: true,
    because: 'approver of "production"',
  });
});

test('a group that could not be read lets nobody approve', () => {
  expect(mayApprove(policy, plan(approval), person('U9'), person('U3'))).toEqual({
    allowed: false,
    reason: 'group-unread',
    message:
      'I could not check whether you may approve this. The user group SMAIL could not be read just now: try again in a minute.',
  });
  expect(mayApprove(policy, plan(approval), person('U9'), person('U2'))).toMatchObject({ allowed: true });
});

test('the rule of today decides, for the change that is asked for', () => {
  const removals = { protected: policy.protected.map((rule) => ({ ...rule, verbs: ['remove' as const] })) };
  expect(mayApprove(removals, plan(approval), person('U9'), person('U1'), groups)).toMatchObject({
    reason: 'policy-changed',
  });
  expect(mayApprove(removals, { ...plan(approval), verb: 'undo' }, person('U9'), person('U1'), groups)).toMatchObject({
    allowed: true,
  });
  const others = { protected: policy.protected.map((rule) => ({ ...rule, approvers: { users: ['U7'] } })) };
  expect(mayApprove(others, plan(approval), person('U9'), person('U1'), groups)).toMatchObject({
    reason: 'not-an-approver',
  });
});
