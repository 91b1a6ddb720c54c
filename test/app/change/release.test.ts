import { describe, expect, it } from 'vitest';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const approversChannel = 'C0APPROVERS';
const never = new AbortController().signal;

const newValues: readonly (readonly [string, string, string, string])[] = [
  ['--target', '10.0.4.14', '10.0.4.12', '10.0.4.14'],
  ['--standby', '10.0.4.15', '10.0.4.13', '10.0.4.15'],
  ['--port', '2525', '`25`', '`2525`'],
  ['--ssl-mode', 'None', '`Auto`', '`None`'],
  ['--ttl', '300', '`60 s`', '`300 s`'],
  ['--name', '"Git <Lab>"', '`GitLab`', '`Git &lt;Lab&gt;`'],
  ['--owner', 'C0NEWOWNER', '<@U0MARIA>', '<#C0NEWOWNER>'],
  ['--note', '"ask nobody"', '`ask maria`', '`ask nobody`'],
];

/** An addition by maria that waits for a member of the group or for li; maria is named as an approver, too, and cannot be hers. */
const asked = async (definition = '10.0.4.12') => {
  const approvers = { users: ['U0LI', 'U0MARIA'], userGroups: ['S0MAIL'] };
  const worker = workerUnderTest({
    policy: {
      protected: [{ name: 'production', hostnames: ['*.mail.corp.internal'], approvers, channel: approversChannel }],
    },
    channels: ['C0AUDIT', 'C0OTHER', approversChannel],
  });
  await worker.say(`add ${host} ${definition}`);
  const [waiting] = fold(await worker.ledger.read(host, never)).pending;
  if (waiting === undefined) throw new Error(worker.lastReply());
  const post = (): string =>
    JSON.stringify(worker.messenger.posts.find(({ channelId }) => channelId === approversChannel)?.message);
  /** Presses [Cancel] in the message by which maria was told that it was asked. */
  const pressCancel = (user = 'maria') =>
    worker.work({ ...worker.message(`cancel ${waiting.changeId}`, { user }), replaceOriginal: true });
  return { worker, waiting, post, pressCancel };
};

const count = (text: string, part: string): number => text.split(part).length - 1;

describe('a plan that waits for a second person', () => {
  it('calls the approvers once, but not whoever asked, and says until when in the reader’s zone', async () => {
    const { post, waiting } = await asked();
    expect(count(post(), '<!subteam^S0MAIL>')).toBe(1);
    expect(count(post(), '<@U0LI>')).toBe(1);
    expect(post()).toContain('<!subteam^S0MAIL> <@U0LI>: ');
    expect(post()).not.toContain('<@U0MARIA>: ');
    expect(post()).toContain(`The buttons work until *<!date^${Date.parse(waiting.plan.expiresAt) / 1000}^`);
  });

  it('tells whoever asked until when it waits, and how long Cancel works', async () => {
    const { worker, waiting } = await asked();
    expect(worker.lastReply()).toContain(`until *<!date^${Date.parse(waiting.plan.expiresAt) / 1000}^`);
    expect(worker.lastReply()).toContain('You can cancel until somebody decides');
  });

  it('once approved, says so where it was asked and to whoever asked; Cancel gives way to the truth', async () => {
    const { worker, waiting, post, pressCancel } = await asked();
    await worker.say(`approve ${waiting.changeId} --plan ${waiting.plan.digest}`, {
      user: 'li',
      channel: approversChannel,
    });
    expect(post()).toContain('Approved by <@U0LI>, applied <!date^');
    expect(post()).not.toContain('<!subteam');
    expect(
      worker.messenger.replies.some(
        ({ to, message }) => to.userId === 'U0MARIA' && message.text.includes('approved by <@U0LI>'),
      ),
    ).toBe(true);
    await pressCancel();
    const late = worker.messenger.replies.at(-1);
    expect(late).toMatchObject({ replaceOriginal: true, inChannel: false, to: { userId: 'U0MARIA' } });
    expect(worker.lastReply()).toContain('It can no longer be cancelled.');
    expect(worker.lastReply()).toContain(`undo ${waiting.changeId}`);
    expect(worker.lastReply()).not.toContain('run-replacing:cancel');
    expect((await worker.kinds(host)).at(-1)).toBe('refused');
    expect(fold(await worker.ledger.read(host, never)).definition).toBeDefined();
  });

  it('once rejected, says by whom and why, and does not lay it on whoever asked', async () => {
    const { worker, waiting, post } = await asked();
    await worker.say(`reject ${waiting.changeId} --reason "wrong address"`, { user: 'li', channel: approversChannel });
    for (const part of ['Rejected by <@U0LI>', 'wrong address', 'Nothing was changed']) expect(post()).toContain(part);
    const heard = worker.messenger.replies.find(
      ({ to, message }) => to.userId === 'U0MARIA' && message.text.includes('rejected'),
    );
    expect(heard?.message.text).toContain('rejected by <@U0LI>: wrong address · requested by <@U0MARIA>');
  });

  it('once expired, says so where it was asked, with the time; nobody is blamed', async () => {
    const { worker, waiting, post, pressCancel } = await asked();
    await worker.clock.advance(16 * 60_000);
    await worker.work({ kind: 'resume', hostname: host, changeId: waiting.changeId });
    expect(post()).toContain(`⌛ Expired <!date^${Date.parse(waiting.plan.expiresAt) / 1000}^`);
    expect(post()).not.toContain('run-replacing');
    await pressCancel();
    expect(worker.lastReply()).toContain('Expired');
    expect(worker.lastReply()).toContain('It can no longer be cancelled.');
  });

  it('does not let someone else’s late Cancel take the place of anything', async () => {
    const { worker, waiting, pressCancel } = await asked();
    await worker.say(`approve ${waiting.changeId} --plan ${waiting.plan.digest}`, {
      user: 'li',
      channel: approversChannel,
    });
    await pressCancel('li');
    expect(worker.messenger.replies.at(-1)?.replaceOriginal).toBe(false);
    expect(worker.lastReply()).toContain('no longer waits for a decision');
  });
});

describe('an update of a protected name', () => {
  const updated = async (options: string) => {
    const { worker, waiting } = await asked(
      '10.0.4.12 --standby 10.0.4.13 --name GitLab --owner U0MARIA --note "ask maria"',
    );
    await worker.say(`approve ${waiting.changeId} --plan ${waiting.plan.digest}`, {
      user: 'li',
      channel: approversChannel,
    });
    await worker.say(`update ${host} ${options}`);
    return JSON.stringify(worker.messenger.posts.findLast(({ channelId }) => channelId === approversChannel)?.message);
  };

  it.each(newValues)('shows its approvers %s, before and after', async (option, value, before, after) => {
    const post = await updated(option === '--target' ? value : `${option} ${value}`);
    expect(post).toContain('asks to update');
    expect(post).toContain(`${before.includes('`') || before.includes('<') ? before : `\`${before}\``} → `);
    expect(post).toContain(after);
  });

  it('shows them all when all change at once', async () => {
    const post = await updated(
      newValues.map(([option, value]) => (option === '--target' ? value : `${option} ${value}`)).join(' '),
    );
    for (const [, , before, after] of newValues) {
      expect(post).toContain(before);
      expect(post).toContain(after);
    }
  });
});
