import { expect, test } from 'vitest';
import { changeVerbs } from '../../../lib/core/dns/plan.ts';
import { rightsFor, rightsGroups } from '../../../lib/core/policy/rights.ts';
import { examplePolicy } from '../validation/example-policy.ts';

const policy = examplePolicy({
  grants: [
    { name: 'mail', teams: ['T1'], userGroups: ['SMAIL'], verbs: ['*'] },
    { name: 'other team', teams: ['T2'], userGroups: ['SOTHER'], verbs: ['*'] },
  ],
  protected: [
    { name: 'production', hostnames: ['*.prod.corp.internal'], approvers: { userGroups: ['SMAIL'] }, channel: 'C0OPS' },
    {
      name: 'removals',
      hostnames: ['*.mail.corp.internal'],
      verbs: ['remove'],
      approvers: { users: ['U2'] },
      channel: 'C0MAIL',
    },
  ],
  breakGlass: { userGroups: ['SONCALL'], verbs: ['update'] },
});
const person = (userId: string, teamId = 'T1') => ({ teamId, userId, userName: 'x', channelId: 'C1' });
const groups = new Map([
  ['SMAIL', new Set(['U1'])],
  ['SONCALL', new Set(['U3'])],
]);

const mail = { name: 'mail', verbs: ['*'], here: true };

test.each([
  [
    'U1',
    {
      grants: [mail],
      approves: [{ name: 'production', hostnames: ['*.prod.corp.internal'], verbs: changeVerbs, channelId: 'C0OPS' }],
      breaksGlassFor: [],
    },
  ],
  [
    'U2',
    // An undo may be a removal.
    {
      grants: [],
      approves: [
        { name: 'removals', hostnames: ['*.mail.corp.internal'], verbs: ['remove', 'undo'], channelId: 'C0MAIL' },
      ],
      breaksGlassFor: [],
    },
  ],
  ['U3', { grants: [], approves: [], breaksGlassFor: ['update'] }],
  ['U4', { grants: [], approves: [], breaksGlassFor: [] }],
])('%s', (userId, rights) =>
  expect(rightsFor(policy, person(userId), groups)).toEqual({ ...rights, unreadGroups: [] }),
);

test('groups that could not be read are named: there may be more', () => {
  expect(rightsFor(policy, person('U1'))).toEqual({
    grants: [],
    approves: [],
    breaksGlassFor: [],
    unreadGroups: ['SMAIL', 'SONCALL'],
  });
  expect(rightsFor(policy, person('U1'), new Map([['SMAIL', new Set(['U1'])]]))).toMatchObject({
    grants: [mail],
    unreadGroups: ['SONCALL'],
  });
});

test('only groups that concern the team are asked for, each once', () => {
  expect(rightsGroups(policy, person('U1'))).toEqual(['SMAIL', 'SONCALL']);
  expect(rightsGroups(policy, person('U1', 'T2'))).toEqual(['SOTHER', 'SMAIL', 'SONCALL']);
});
