import { describe, expect, it } from 'vitest';
import { pressableBy } from '../../../lib/app/notify/pressable.ts';
import { cachedUserGroups } from '../../../lib/app/ports/user-groups.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';
import { actions } from '../../../lib/messages/block-kit/blocks.ts';
import { commandButton } from '../../../lib/messages/block-kit/button.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const other = 'tickets.corp.internal';
const { signal } = new AbortController();
type Worker = ReturnType<typeof workerUnderTest>;
type Grants = PolicyDocument['grants'];

const reading = ['list', 'show', 'history', 'check', 'status', 'home'];
const grants: Grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'] },
  {
    name: 'on call',
    teams: ['T0TEAM'],
    users: ['U0ONCALL'],
    verbs: [...reading, 'failover', 'add', 'update', 'cancel'],
  },
  { name: 'readers', teams: ['T0TEAM'], users: ['U0GUEST'], verbs: reading },
  { name: 'mail', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'], hostnames: ['*.mail.corp.internal'] },
  { name: 'others', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: [...reading, 'add'] },
  { name: 'some', teams: ['T0TEAM'], users: ['U0SOME'], verbs: ['check', 'show'], hostnames: ['*.mail.corp.internal'] },
  { name: 'some more', teams: ['T0TEAM'], users: ['U0SOME'], verbs: ['list', 'add', 'history'] },
  { name: 'group', teams: ['T0TEAM'], userGroups: ['S0UNDOERS'], verbs: ['undo'] },
];

const newWorker = (): Worker => workerUnderTest({ policy: { grants } });

/** The labels of all buttons in what was last said to somebody. */
const labels = (blocks: unknown): readonly string[] =>
  [
    ...JSON.stringify(blocks).matchAll(
      /"type":"button","action_id":"[^"]*","text":\{"type":"plain_text","text":"([^"]*)"/g,
    ),
  ].map(([, label]) => label ?? '');
const lastLabels = ({ messenger }: Worker): readonly string[] => labels(messenger.replies.at(-1)?.message.blocks);

describe('the buttons of an answer', () => {
  it.each([
    ['li', true],
    ['oncall', false],
  ])('have Undo for %s: %s', async (user, has) => {
    const worker = newWorker();
    await worker.say(`add ${host} 10.0.4.12`, { user });
    expect(lastLabels(worker)).toContain('History');
    expect(lastLabels(worker).includes('Undo')).toBe(has);
  });

  it('have Undo where the right is for this name only', async () => {
    const worker = newWorker();
    await worker.say(`add ${host} 10.0.4.12`, { user: 'maria' });
    expect(lastLabels(worker)).toContain('Undo');
    await worker.say(`add ${other} 10.0.4.13`, { user: 'maria' });
    expect(lastLabels(worker)).not.toContain('Undo');
  });

  it('have Undo for a member of a group that may', async () => {
    const worker = newWorker();
    const userGroups = cachedUserGroups({ members: async () => new Set(['U0ONCALL']) }, worker.clock);
    await worker.work(worker.message(`add ${host} 10.0.4.12`, { user: 'oncall' }), 1, { userGroups });
    expect(lastLabels(worker)).toContain('Undo');
  });

  it.each([
    ['li', true],
    ['guest', false],
  ])('of list have Add endpoint for %s: %s, also on Home', async (user, has) => {
    const worker = newWorker();
    await worker.say(`add ${host} 10.0.4.12`, { user: 'li' });
    await worker.say('list', { user });
    expect(lastLabels(worker).includes('Add endpoint')).toBe(has);
    expect(lastLabels(worker)).toContain('Status');
    const home = {
      ...worker.message('list', { user, channel: `U0${user.toUpperCase()}` }),
      command: { verb: 'home' },
    } as const;
    await worker.work(home);
    const shown = labels(worker.messenger.homes.get(`U0${user.toUpperCase()}`));
    expect(shown.includes('Add endpoint')).toBe(has);
    expect(shown).toContain('History');
  });

  it('have what concerns many names for whoever may do it to some', async () => {
    const worker = newWorker();
    await worker.say('list', { user: 'some' });
    await worker.say(`add ${host} 10.0.4.12`, { user: 'li' });
    await worker.say('list', { user: 'some' });
    expect(lastLabels(worker)).toContain('Check all');
  });

  it('leave out what one may do to other names only', async () => {
    const worker = newWorker();
    for (const hostname of [host, other]) {
      for (let time = 0; time < 2; time += 1) await worker.say(`add ${hostname} 10.0.4.12`, { user: 'some' });
      expect(lastLabels(worker).includes('Show')).toBe(hostname === host);
      expect(lastLabels(worker)).toContain('History');
    }
  });

  it('leave out what would add a name that one may not add', async () => {
    const { ports, message } = newWorker();
    const { actor } = message('list', { user: 'some' });
    const policy = {
      ...ports.policy,
      grants: [{ name: 'mail', teams: ['T0TEAM'], verbs: ['add' as const], hostnames: ['*.mail.corp.internal'] }],
    };
    const blocks = [actions([host, other].map((name) => commandButton(`Add ${name}`, `add ${name} 10.0.4.12`)))];
    expect(labels(await pressableBy({ ...ports, policy }, actor, blocks, undefined, signal))).toEqual([`Add ${host}`]);
  });

  it('keep those that decide on a plan, for its requester', async () => {
    const worker = newWorker();
    await worker.say(`add ${host} 10.0.4.12`, { user: 'li' });
    await worker.say(`update ${host} 10.0.4.14`, { user: 'oncall' });
    expect(lastLabels(worker)).toEqual(['Apply', 'Cancel']);
  });

  it('are none that would be refused, whoever asks for whatever', async () => {
    const lines = [
      'list',
      `show ${host}`,
      `history ${host}`,
      `check ${host}`,
      'status',
      `update ${host}`,
      'undo 01JZZZ',
      'pending',
      'drift',
    ];
    for (const user of ['li', 'oncall', 'guest', 'maria', 'nobody']) {
      const worker = newWorker();
      await worker.say(`add ${host} 10.0.4.12 --standby 10.0.4.13`, { user: 'li' });
      for (const line of lines) {
        await worker.say(line, { user });
        const blocks = worker.messenger.replies.at(-1)?.message.blocks ?? [];
        for (const [, value = ''] of JSON.stringify(blocks).matchAll(/"value":"(\{.*?\})"/g)) {
          const { text } = JSON.parse(value.replaceAll('\\"', '"'));
          if (/^(?:approve|reject|cancel)/.test(text)) continue;
          const before = fold(await worker.ledger.read('_refused', signal)).byRequestId.size;
          await worker.work(worker.message(text, { user }));
          expect([user, line, text, fold(await worker.ledger.read('_refused', signal)).byRequestId.size]).toEqual([
            user,
            line,
            text,
            before,
          ]);
        }
      }
    }
  });
});
