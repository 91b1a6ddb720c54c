import { describe, expect, test } from 'vitest';
import { authorise, grantsFor, groupsBehind, maySomewhere } from '../../../lib/core/policy/authorise.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';

const policy: Pick<PolicyDocument, 'grants'> = {
  grants: [
    { name: 'mail team', teams: ['T1'], channels: ['C1'], users: ['U1', 'U2'], verbs: ['*'] },
    {
      name: 'gitlab',
      teams: ['T1', 'T2'],
      channels: ['C1', 'C2'],
      users: ['U3'],
      verbs: ['add'],
      hostnames: ['*.gitlab.corp.internal'],
    },
    { name: 'looking', teams: ['T1'], channels: ['C1', 'C2'], verbs: ['show', 'check'] },
  ],
};
const actor = (userId: string, channelId = 'C1', teamId = 'T1') => ({ teamId, userId, userName: 'x', channelId });
const may = (who: ReturnType<typeof actor>, verb: string, hostname?: string) => {
  const result = authorise(policy, who, verb, hostname);
  return result.allowed ? result.grant : result.reason;
};

describe('authorise', () => {
  test.each([
    ['mail team', actor('U1'), 'add', 'x.corp.internal'],
    ['mail team', actor('U2'), 'status', undefined],
    ['gitlab', actor('U3', 'C2'), 'add', 'a.gitlab.corp.internal'],
    ['gitlab', actor('U3', 'C2', 'T2'), 'add', 'a.b.gitlab.corp.internal'],
    ['looking', actor('U9'), 'show', 'x.corp.internal'],
    ['looking', actor('U3'), 'check', 'x.corp.internal'],
    ['mail team', actor('U1'), 'show', 'x.corp.internal'],
    // What the name is, the rules will say.
    ['gitlab', actor('U3'), 'add', undefined],
  ] as const)('%s allows', (grant, who, verb, hostname) => expect(may(who, verb, hostname)).toBe(grant));

  test.each([
    ['unknown-team', actor('U1', 'C1', 'T9'), 'add', 'x.corp.internal'],
    ['unknown-team', actor('U1', 'C1', ''), 'show', undefined],
    ['unknown-channel', actor('U1', 'C9'), 'add', 'x.corp.internal'],
    ['unknown-channel', actor('U3', 'C9', 'T2'), 'add', 'a.gitlab.corp.internal'],
    ['no-grant', actor('U1', 'C2'), 'add', 'x.corp.internal'],
    ['no-grant', actor('U3'), 'add', 'x.corp.internal'],
    ['no-grant', actor('U3'), 'add', 'gitlab.corp.internal'],
    ['no-grant', actor('U9'), 'add', 'x.corp.internal'],
    ['no-grant', actor('U9'), '*', 'x.corp.internal'],
    ['no-grant', actor('U9', 'C1', 'T2'), 'show', 'x.corp.internal'],
  ] as const)('%s', (reason, who, verb, hostname) => expect(may(who, verb, hostname)).toBe(reason));

  const message = (who: ReturnType<typeof actor>, verb: string, hostname?: string): string => {
    const result = authorise(policy, who, verb, hostname);
    return result.allowed ? '' : result.message;
  };

  test('says what would help', () => {
    expect(message(actor('U1', 'C1', 'T9'), 'add')).toBe(
      'Your workspace (T9) is not in the policy of this bot. Ask whoever runs it to add a grant.',
    );
    expect(message(actor('U1', 'C9'), 'add')).toBe('I take no commands in this channel (#C9). Use one of #C1, #C2.');
    expect(message(actor('U1', 'C2'), 'add', 'x.corp.internal')).toBe(
      'You may use add, but not in this channel (#C2). Use #C1.',
    );
    expect(message(actor('U3'), 'add', 'x.corp.internal')).toBe(
      'You may use add here, but not for x.corp.internal: only for *.gitlab.corp.internal.',
    );
    expect(message(actor('U9'), 'add', 'x.corp.internal')).toMatch(/^No grant lets you \(U9\) use add\. /);
  });
});

test('grantsFor lists what a person has, what holds here first', () => {
  expect(grantsFor(policy, actor('U1', 'C2'))).toEqual([
    { name: 'looking', verbs: ['show', 'check'], channels: ['C1', 'C2'], here: true },
    { name: 'mail team', verbs: ['*'], channels: ['C1'], here: false },
  ]);
  expect(grantsFor(policy, actor('U3', 'C2', 'T2'))).toEqual([
    { name: 'gitlab', verbs: ['add'], hostnames: ['*.gitlab.corp.internal'], channels: ['C1', 'C2'], here: true },
  ]);
  expect(grantsFor(policy, actor('U1', 'C1', 'T9'))).toEqual([]);
});

describe('maySomewhere', () => {
  test.each([
    ['in whatever channel', 'U9', ['show'], 'x.corp.internal', true],
    ['by any of the verbs', 'U9', ['home', 'show'], undefined, true],
    ['not without one of them', 'U9', ['home', 'list'], undefined, false],
    ['for the names of the grant', 'U3', ['add'], 'a.gitlab.corp.internal', true],
    ['and no others', 'U3', ['add'], 'a.corp.internal', false],
  ] as const)('allows %s', (_, userId, verbs, hostname, expected) => {
    expect(maySomewhere(policy, actor(userId, userId), verbs, hostname)).toBe(expected);
  });

  test('nothing to another workspace', () => {
    expect(maySomewhere(policy, actor('U1', 'C1', 'T9'), ['show'], undefined)).toBe(false);
  });
});

describe('user groups', () => {
  const grouped: Pick<PolicyDocument, 'grants'> = {
    grants: [
      {
        name: 'mail team',
        teams: ['T1'],
        channels: ['C1'],
        users: ['U1'],
        userGroups: ['SMAIL', 'SLEAD'],
        verbs: ['add', 'update'],
      },
      {
        name: 'prod',
        teams: ['T1'],
        channels: ['C2'],
        userGroups: ['SPROD'],
        verbs: ['update'],
        hostnames: ['*.prod.corp.internal'],
      },
      { name: 'looking', teams: ['T1'], channels: ['C1', 'C2'], verbs: ['show'] },
      { name: 'elsewhere', teams: ['T2'], userGroups: ['SOTHER'], verbs: ['add'] },
    ],
  };
  const groups = new Map([
    ['SMAIL', new Set(['U2'])],
    ['SLEAD', new Set(['U3'])],
    ['SPROD', new Set(['U4'])],
  ]);

  test.each([
    ['a user', actor('U1'), 'add', 'mail team'],
    ['a member', actor('U2'), 'add', 'mail team'],
    ['a member of the other group', actor('U3'), 'add', 'mail team'],
    ['nobody', actor('U4'), 'add', 'no-grant'],
    ['a member, elsewhere', actor('U2', 'C2'), 'add', 'no-grant'],
  ] as const)('%s', (_, who, verb, result) => {
    const decided = authorise(grouped, who, verb, 'x.corp.internal', groups);
    expect(decided.allowed ? decided.grant : decided.reason).toBe(result);
  });

  test('a group that was not read lets nobody in, and is named', () => {
    expect(authorise(grouped, actor('U2'), 'add', 'x.corp.internal')).toEqual({
      allowed: false,
      reason: 'group-unread',
      message:
        'No grant that I could check lets you (U2) use add. The user groups SMAIL, SLEAD could not be read just now: try again in a minute.',
    });
    const part = new Map([['SLEAD', new Set(['U3'])]]);
    expect(authorise(grouped, actor('U2'), 'add', 'x.corp.internal', part)).toMatchObject({
      reason: 'group-unread',
      message: /group SMAIL could/,
    });
    expect(authorise(grouped, actor('U3'), 'add', 'x.corp.internal', part)).toEqual({
      allowed: true,
      grant: 'mail team',
    });
    expect(authorise(grouped, actor('U1'), 'add', 'x.corp.internal')).toEqual({ allowed: true, grant: 'mail team' });
  });

  test('a group that would change nothing is not named', () => {
    expect(authorise(grouped, actor('U4', 'C2'), 'update', 'x.corp.internal')).toMatchObject({ reason: 'no-grant' });
    expect(authorise(grouped, actor('U9'), 'remove', 'x.corp.internal')).toMatchObject({ reason: 'no-grant' });
    expect(authorise(grouped, actor('U9', 'C9'), 'add', 'x.corp.internal')).toMatchObject({
      reason: 'unknown-channel',
    });
  });

  test('a member is told where a grant holds', () => {
    expect(authorise(grouped, actor('U2', 'C2'), 'add', 'x.corp.internal', groups)).toMatchObject({
      message: 'You may use add, but not in this channel (#C2). Use #C1.',
    });
  });

  test.each([
    [actor('U9'), 'update', ['SMAIL', 'SLEAD', 'SPROD']],
    [actor('U9'), 'add', ['SMAIL', 'SLEAD']],
    [actor('U9'), 'show', []],
    [actor('U9', 'C9'), 'add', []],
    [actor('U9', 'C1', 'T9'), 'add', []],
    [actor('U9', 'C9', 'T2'), 'add', ['SOTHER']],
  ] as const)('%j and %s hang on %j', (who, verb, ids) => expect(groupsBehind(grouped, who, verb)).toEqual(ids));

  test('grants through a group are listed, and count somewhere', () => {
    expect(grantsFor(grouped, actor('U4'), groups).map(({ name }) => name)).toEqual(['looking', 'prod']);
    expect(grantsFor(grouped, actor('U4')).map(({ name }) => name)).toEqual(['looking']);
    expect(maySomewhere(grouped, actor('U4', 'U4'), ['update'], 'db.prod.corp.internal', groups)).toBe(true);
    expect(maySomewhere(grouped, actor('U4', 'U4'), ['update'], 'db.corp.internal', groups)).toBe(false);
    expect(maySomewhere(grouped, actor('U4', 'U4'), ['update'], 'db.prod.corp.internal')).toBe(false);
  });
});

test.each(['check:rcpt', 'check:deliver'])('%s has to be named: * does not include it', (verb) => {
  const granting = (...verbs: string[]) => ({ grants: [{ name: 'all', teams: ['T1'], verbs }] });
  expect(authorise(granting('*'), actor('U1'), verb, undefined).allowed).toBe(false);
  expect(authorise(granting('*', 'check'), actor('U1'), verb, undefined).allowed).toBe(false);
  expect(authorise(granting('*', verb), actor('U1'), verb, undefined).allowed).toBe(true);
  expect(authorise(granting(verb), actor('U1'), 'check', undefined).allowed).toBe(false);
});
