import { beforeEach, describe, expect, test } from 'vitest';
import {
  authoriseFresh,
  mayApproveFresh,
  releaseForFresh,
  rightsForFresh,
} from '../../../lib/app/authorise/authorise-with-groups.ts';
import { type CachedUserGroups, cachedUserGroups } from '../../../lib/app/ports/user-groups.ts';
import type { Release } from '../../../lib/core/dns/plan.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const { signal } = new AbortController();
const name = 'db.prod.corp.internal';
const policy = examplePolicy({
  grants: [
    { name: 'mail', teams: ['T1'], users: ['U1'], userGroups: ['SMAIL'], verbs: ['add'] },
    { name: 'on call', teams: ['T1'], userGroups: ['SONCALL'], verbs: ['update'] },
    { name: 'looking', teams: ['T1'], verbs: ['show'] },
  ],
  protected: [
    {
      name: 'production',
      hostnames: ['*.prod.corp.internal'],
      approvers: { users: ['U1'], userGroups: ['SMAIL'] },
      channel: 'C0OPS',
    },
  ],
  breakGlass: { users: ['U1'], userGroups: ['SONCALL'] },
});
const person = (userId: string, teamId = 'T1') => ({ teamId, userId, userName: 'x', channelId: 'C1' });

let clock: ManualClock;
let members: Record<string, readonly string[] | undefined>;
let reads: string[];
let userGroups: CachedUserGroups;

beforeEach(() => {
  clock = createManualClock();
  members = { SMAIL: ['U2'], SONCALL: ['U3'] };
  reads = [];
  const port = {
    members: async (groupId: string) => {
      reads.push(groupId);
      const found = members[groupId];
      return found && new Set(found);
    },
  };
  userGroups = cachedUserGroups(port, clock);
});

const may = (userId: string, verb: string, teamId?: string) =>
  authoriseFresh(policy, person(userId, teamId), verb, name, userGroups, signal);

describe('authoriseFresh', () => {
  test('asks Slack only where a group can turn the decision', async () => {
    expect(await may('U1', 'add')).toMatchObject({ allowed: true });
    expect(await may('U9', 'show')).toMatchObject({ allowed: true });
    expect(await may('U9', 'remove')).toMatchObject({ allowed: false });
    expect(await may('U2', 'add', 'T9')).toMatchObject({ allowed: false, reason: 'unknown-team' });
    expect(reads).toEqual([]);
  });

  test('reads only the groups of the verb, once for many', async () => {
    for (const _ of [1, 2, 3]) expect(await may('U2', 'add')).toEqual({ allowed: true, grant: 'mail' });
    expect(reads).toEqual(['SMAIL']);
  });

  test('whoever has just been put into a group gets in', async () => {
    await may('U2', 'add');
    members['SMAIL'] = ['U2', 'U4'];
    expect(await may('U4', 'add')).toMatchObject({ allowed: true });
    expect(reads).toEqual(['SMAIL', 'SMAIL']);
  });

  test('a denial is by what was read afresh, once', async () => {
    expect(await may('U4', 'add')).toMatchObject({ allowed: false, reason: 'no-grant' });
    expect(reads).toEqual(['SMAIL']);
    expect(await may('U4', 'add')).toMatchObject({ allowed: false, reason: 'no-grant' });
    expect(reads).toEqual(['SMAIL', 'SMAIL']);
  });

  test('whoever has left a group is out within a minute', async () => {
    await may('U2', 'add');
    members['SMAIL'] = [];
    await clock.advance(59_999);
    expect(await may('U2', 'add')).toMatchObject({ allowed: true });
    await clock.advance(1);
    expect(await may('U2', 'add')).toMatchObject({ allowed: false, reason: 'no-grant' });
  });

  test('while Slack is out, a member of a minute ago stays one, and nobody else gets in', async () => {
    await may('U2', 'add');
    members['SMAIL'] = undefined;
    expect(await may('U2', 'add')).toMatchObject({ allowed: true });
    expect(await may('U4', 'add')).toMatchObject({
      allowed: false,
      reason: 'group-unread',
      message: expect.stringContaining('SMAIL could not be read'),
    });
    await clock.advance(60_000);
    expect(await may('U2', 'add')).toMatchObject({ allowed: false, reason: 'group-unread' });
    expect(await may('U1', 'add')).toMatchObject({ allowed: true });
  });

  test('a deadline that is over decides nothing', async () => {
    const over = AbortSignal.abort(new Error('over'));
    const groups = cachedUserGroups({ members: (_, given) => Promise.reject(given.reason) }, clock);
    await expect(authoriseFresh(policy, person('U2'), 'add', name, groups, over)).rejects.toThrow('over');
  });
});

const parsed = parseHostname(name);
const hostname = 'hostname' in parsed ? parsed.hostname : undefined;

describe('mayApproveFresh', () => {
  const release: Release = { kind: 'approval', channelId: 'C0OPS', because: 'production' };
  const approves = (userId: string) => {
    if (hostname === undefined) throw new Error(`${name} is no hostname`);
    return mayApproveFresh(
      policy,
      { verb: 'update', hostname, release },
      person('U3'),
      person(userId),
      userGroups,
      signal,
    );
  };

  test('by id, through a group, afresh before a refusal', async () => {
    expect(await approves('U1')).toMatchObject({ allowed: true });
    expect(reads).toEqual([]);
    expect(await approves('U2')).toMatchObject({ allowed: true });
    expect(await approves('U5')).toMatchObject({ reason: 'not-an-approver' });
    members['SMAIL'] = ['U5', 'U3'];
    expect(await approves('U5')).toMatchObject({ allowed: true });
    expect(await approves('U3')).toMatchObject({ reason: 'self-approval' });
    members['SMAIL'] = undefined;
    expect(await approves('U6')).toMatchObject({ reason: 'group-unread' });
  });
});

describe('releaseForFresh', () => {
  const release = (userId: string, breakGlassReason?: string) =>
    releaseForFresh(
      policy,
      {
        verb: 'update',
        hostname: name,
        actor: person(userId),
        ...(breakGlassReason === undefined ? {} : { breakGlassReason }),
      },
      userGroups,
      signal,
    );

  test('asks Slack only where someone wants to break glass', async () => {
    expect(await release('U9')).toMatchObject({ kind: 'approval' });
    expect(await release('U1', 'mail stands still')).toMatchObject({ kind: 'break-glass' });
    expect(reads).toEqual([]);
    expect(await release('U3', 'mail stands still')).toMatchObject({ kind: 'break-glass' });
    expect(await release('U9', 'mail stands still')).toMatchObject({ reason: 'break-glass-not-allowed' });
    members['SONCALL'] = undefined;
    await clock.advance(60_000);
    expect(await release('U3', 'mail stands still')).toMatchObject({ reason: 'break-glass-group-unread' });
  });
});

test('rightsForFresh says what holds now', async () => {
  await may('U4', 'add');
  members['SMAIL'] = ['U4'];
  expect(await rightsForFresh(policy, person('U4'), userGroups, signal)).toMatchObject({
    grants: [{ name: 'mail' }, { name: 'looking' }],
    approves: [{ name: 'production' }],
    unreadGroups: [],
  });
  members['SMAIL'] = undefined;
  expect(await rightsForFresh(policy, person('U4'), userGroups, signal)).toMatchObject({
    grants: [{ name: 'looking' }],
    unreadGroups: ['SMAIL'],
  });
});
