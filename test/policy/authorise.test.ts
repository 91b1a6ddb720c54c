import { describe, expect, test } from 'vitest';
import { authorise, grantsFor } from '../../lib/policy/authorise.ts';
import type { PolicyDocument } from '../../lib/policy/policy.ts';

const policy: Pick<PolicyDocument, 'grants'> = {
  grants: [
    { name: 'mail team', teams: ['T1'], channels: ['C1'], users: ['U1', 'U2'], verbs: ['*'] },
    { name: 'gitlab', teams: ['T1', 'T2'], channels: ['C1', 'C2'], users: ['U3'], verbs: ['add'], hostnames: ['*.gitlab.corp.internal'] },
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
    expect(message(actor('U1', 'C1', 'T9'), 'add')).toBe('This workspace (T9) is not in the policy of this bot. Ask whoever runs it to add a grant.');
    expect(message(actor('U1', 'C9'), 'add')).toBe('I take no commands in this channel (C9). Use one of C1, C2.');
    expect(message(actor('U1', 'C2'), 'add', 'x.corp.internal')).toBe('You may use add, but not in this channel (C2). Use C1.');
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
