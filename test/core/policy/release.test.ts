import { describe, expect, test } from 'vitest';
import type { ChangeVerb } from '../../../lib/core/dns/plan.ts';
import { type ReleaseRequest, releaseFor } from '../../../lib/core/policy/release.ts';
import { examplePolicy } from '../validation/example-policy.ts';

const policy = examplePolicy({
  protected: [
    {
      name: 'relays',
      hostnames: ['relay.prod.corp.internal'],
      verbs: ['remove'],
      approvers: { userGroups: ['SMAIL'] },
      channel: 'C0MAIL',
    },
    { name: 'production', hostnames: ['*.prod.corp.internal'], approvers: { users: ['U1', 'U2'] }, channel: 'C0OPS' },
    {
      name: 'removals',
      hostnames: ['*.mail.corp.internal'],
      verbs: ['remove'],
      approvers: { users: ['U1', 'U2'] },
      channel: 'C0OPS',
    },
  ],
  breakGlass: { users: ['U9'], userGroups: ['SONCALL'], verbs: ['update', 'undo'] },
});

const request = (verb: ChangeVerb, hostname: string, userId: string, breakGlassReason?: string): ReleaseRequest => ({
  verb,
  hostname,
  actor: { teamId: 'T1', userId, userName: 'x', channelId: 'C1' },
  ...(breakGlassReason === undefined ? {} : { breakGlassReason }),
});
const approval = (channelId: string, because: string) => ({ kind: 'approval', channelId, because });

test.each([
  ['add', 'gitlab.corp.internal', { kind: 'at-once' }],
  ['adopt', 'gitlab.corp.internal', { kind: 'at-once' }],
  ['update', 'gitlab.corp.internal', { kind: 'confirmation' }],
  ['remove', 'gitlab.corp.internal', { kind: 'confirmation' }],
  ['undo', 'gitlab.corp.internal', { kind: 'at-once' }],
  ['add', 'prod.corp.internal', { kind: 'at-once' }],
  ['add', 'db.prod.corp.internal', approval('C0OPS', 'production')],
  ['update', 'a.b.prod.corp.internal', approval('C0OPS', 'production')],
  ['remove', 'db.prod.corp.internal', approval('C0OPS', 'production')],
  ['adopt', 'db.prod.corp.internal', approval('C0OPS', 'production')],
  // The first rule that fits the name and the change decides.
  ['remove', 'relay.prod.corp.internal', approval('C0MAIL', 'relays')],
  ['update', 'relay.prod.corp.internal', approval('C0OPS', 'production')],
  ['update', 'x.mail.corp.internal', { kind: 'confirmation' }],
  ['remove', 'x.mail.corp.internal', approval('C0OPS', 'removals')],
  // To take an add back is to remove.
  ['undo', 'x.mail.corp.internal', approval('C0OPS', 'removals')],
] as const)('%s %s', (verb, hostname, release) =>
  expect(releaseFor(policy, request(verb, hostname, 'U1'))).toEqual(release),
);

test('what is confirmed is said by the policy', () => {
  const confirming = { ...policy, confirm: { verbs: ['undo' as const] } };
  expect(releaseFor(confirming, request('undo', 'gitlab.corp.internal', 'U1'))).toEqual({ kind: 'confirmation' });
  expect(releaseFor(confirming, request('update', 'gitlab.corp.internal', 'U1'))).toEqual({ kind: 'at-once' });
});

describe('breaking glass', () => {
  const name = 'db.prod.corp.internal';
  const groups = new Map([['SONCALL', new Set(['U8'])]]);
  const why = 'mail to  customers\nstands still';

  test.each(['U9', 'U8'])('%s may, and what they said is kept', (userId) =>
    expect(releaseFor(policy, request('update', name, userId, ` ${why} `), groups)).toEqual({
      kind: 'break-glass',
      because: 'production',
      reason: 'mail to customers stands still',
    }),
  );

  test.each([
    [
      'someone else',
      request('update', name, 'U1', why),
      'break-glass-not-allowed',
      'You (U1) may not break glass for update.',
    ],
    [
      'another change',
      request('remove', name, 'U9', why),
      'break-glass-not-allowed',
      'You (U9) may not break glass for remove.',
    ],
    [
      'no reason',
      request('update', name, 'U9', ''),
      'break-glass-reason-too-short',
      'has 0 characters and needs at least 10',
    ],
    ['blanks', request('update', name, 'U9', 'a              b'), 'break-glass-reason-too-short', 'has 3 characters'],
    [
      'nine characters',
      request('update', name, 'U9', '📨📨📨📨📨📨📨📨📨'),
      'break-glass-reason-too-short',
      'has 9 characters',
    ],
    [
      'a novel',
      request('update', name, 'U9', 'x'.repeat(501)),
      'break-glass-reason-too-long',
      'has 501 characters and may have 500',
    ],
  ] as const)('%s is refused', (_, asked, reason, message) =>
    expect(releaseFor(policy, asked, groups)).toEqual({
      kind: 'refused',
      reason,
      message: expect.stringContaining(message),
    }),
  );

  test('ten characters are enough', () =>
    expect(releaseFor(policy, request('update', name, 'U9', '0123456789')).kind).toBe('break-glass'));

  test('a refusal says where an approval would be asked for', () =>
    expect(releaseFor(policy, request('update', name, 'U1', why), groups)).toMatchObject({
      message: expect.stringMatching(/Without --break-glass, I ask for approval in #C0OPS\.$/),
    }));

  test('a group that could not be read lets nobody in, and is named only where it could have', () => {
    expect(releaseFor(policy, request('update', name, 'U8', why))).toMatchObject({
      reason: 'break-glass-group-unread',
      message: expect.stringContaining('The user group SONCALL could not be read just now'),
    });
    expect(releaseFor(policy, request('remove', name, 'U8', why))).toMatchObject({ reason: 'break-glass-not-allowed' });
  });

  test('where the policy lets nobody, nobody may', () => {
    const { breakGlass: _, ...strict } = policy;
    expect(releaseFor(strict, request('update', name, 'U9', why))).toMatchObject({ reason: 'break-glass-not-allowed' });
  });

  test('where nothing is protected there is no glass', () => {
    expect(releaseFor(policy, request('update', 'gitlab.corp.internal', 'U1', why))).toEqual({ kind: 'confirmation' });
    expect(releaseFor(policy, request('add', 'gitlab.corp.internal', 'U1', ''))).toEqual({ kind: 'at-once' });
  });
});

test('a name counts as protected when any of the names that lead to it is', () => {
  const led = (...pointers: readonly string[]) =>
    releaseFor(policy, { ...request('update', 'gitlab.corp.internal', 'U1'), pointers });
  expect(led('x.corp.internal')).toEqual({ kind: 'confirmation' });
  for (const pointers of [['db.prod.corp.internal'], ['x.corp.internal', 'db.prod.corp.internal']])
    expect(led(...pointers)).toMatchObject({ kind: 'approval', channelId: 'C0OPS' });
});
