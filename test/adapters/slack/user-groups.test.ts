import { describe, expect, test } from 'vitest';
import { cachedUserGroups, membersOf, type UserGroups, unremembered } from '../../../lib/app/ports/user-groups.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const { signal } = new AbortController();

/** Groups whose members a test changes, or makes unreadable. */
const groupsUnderTest = (members: Record<string, readonly string[] | undefined>) => {
  const reads: string[] = [];
  const port: UserGroups = {
    members: async (groupId) => {
      reads.push(groupId);
      const found = members[groupId];
      return found && new Set(found);
    },
  };
  return { members, reads, port };
};

describe('cachedUserGroups', () => {
  test('remembers for a minute, and no longer', async () => {
    const clock = createManualClock();
    const { members, reads, port } = groupsUnderTest({ S1: ['U1'] });
    const cached = cachedUserGroups(port, clock);
    expect(cached.remembered('S1')).toBeUndefined();
    expect(await cached.members('S1', signal)).toEqual(new Set(['U1']));
    members['S1'] = ['U2'];
    await clock.advance(59_999);
    expect(await cached.members('S1', signal)).toEqual(new Set(['U1']));
    expect(cached.remembered('S1')).toEqual(new Set(['U1']));
    await clock.advance(1);
    expect(cached.remembered('S1')).toBeUndefined();
    expect(await cached.members('S1', signal)).toEqual(new Set(['U2']));
    expect(reads).toEqual(['S1', 'S1']);
  });

  test('to look does not keep anything for longer', async () => {
    const clock = createManualClock();
    const cached = cachedUserGroups(groupsUnderTest({ S1: ['U1'] }).port, clock);
    await cached.members('S1', signal);
    for (const seconds of [20, 20, 19]) {
      await clock.advance(seconds * 1000);
      expect(cached.remembered('S1')).toBeDefined();
    }
    await clock.advance(1000);
    expect(cached.remembered('S1')).toBeUndefined();
  });

  test('fresh reads whatever is remembered, and is remembered itself', async () => {
    const { members, reads, port } = groupsUnderTest({ S1: ['U1'] });
    const cached = cachedUserGroups(port, createManualClock());
    await cached.members('S1', signal);
    members['S1'] = ['U2'];
    expect(await cached.fresh('S1', signal)).toEqual(new Set(['U2']));
    expect(await cached.members('S1', signal)).toEqual(new Set(['U2']));
    expect(reads).toHaveLength(2);
  });

  test('what could not be read is asked for again, and what was read before stays for its minute', async () => {
    const { members, reads, port } = groupsUnderTest({});
    const cached = cachedUserGroups(port, createManualClock());
    expect(await cached.members('S1', signal)).toBeUndefined();
    members['S1'] = ['U1'];
    expect(await cached.members('S1', signal)).toEqual(new Set(['U1']));
    members['S1'] = undefined;
    expect(await cached.fresh('S1', signal)).toBeUndefined();
    expect(cached.remembered('S1')).toEqual(new Set(['U1']));
    expect(reads).toHaveLength(3);
  });

  test('an empty group is read, too', async () => {
    const { reads, port } = groupsUnderTest({ S1: [] });
    const cached = cachedUserGroups(port, createManualClock());
    for (const _ of [1, 2]) expect(await cached.members('S1', signal)).toEqual(new Set());
    expect(reads).toHaveLength(1);
  });

  test('a clock that is set back keeps nobody in a group', async () => {
    let now = 1_000_000;
    const cached = cachedUserGroups(groupsUnderTest({ S1: ['U1'] }).port, { now: () => now });
    await cached.members('S1', signal);
    now -= 1;
    expect(cached.remembered('S1')).toBeUndefined();
  });

  test('the minute counts from when the question was asked; of two answers the later question wins', async () => {
    const clock = createManualClock();
    const answers: ((members: ReadonlySet<string>) => void)[] = [];
    const cached = cachedUserGroups({ members: () => new Promise((answer) => answers.push(answer)) }, clock);
    const early = cached.fresh('S1', signal);
    await clock.advance(30_000);
    const late = cached.fresh('S1', signal);
    answers[1]?.(new Set(['U2']));
    await late;
    answers[0]?.(new Set(['U1']));
    expect(await early).toEqual(new Set(['U1']));
    expect(cached.remembered('S1')).toEqual(new Set(['U2']));
    await clock.advance(60_000);
    expect(cached.remembered('S1')).toBeUndefined();
  });
});

test('membersOf leaves out what could not be read', async () => {
  const { members, port } = groupsUnderTest({ S1: ['U1'], S2: undefined });
  const cached = cachedUserGroups(port, createManualClock());
  const expected = new Map([['S1', new Set(['U1'])]]);
  expect(await membersOf(cached, ['S1', 'S2'], signal)).toEqual(expected);
  members['S1'] = ['U2'];
  expect(await membersOf(cached, ['S1'], signal)).toEqual(expected);
  expect(await membersOf(unremembered(cached), ['S1'], signal)).toEqual(new Map([['S1', new Set(['U2'])]]));
});
