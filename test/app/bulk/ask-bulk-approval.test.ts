import { describe, expect, it } from 'vitest';
import { adding, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const protects = (name: string, hostname: string, users: readonly string[], channel: string) => ({
  name,
  hostnames: [hostname],
  approvers: { users: [...users] },
  channel,
});

/** A bulk that its requester has confirmed, and that two rules want approved, each in its own channel. */
const asked = async ({
  channels = ['C0AUDIT', 'C0OTHER', 'C0PROD', 'C0BILL'],
  before = () => undefined,
}: {
  readonly channels?: readonly string[];
  readonly before?: (worker: ReturnType<typeof bulkUnderTest>) => unknown;
} = {}) => {
  const worker = bulkUnderTest({
    channels,
    policy: {
      protected: [
        protects('production', '*.prod.corp.internal', ['U0ANNA'], 'C0PROD'),
        protects('billing', '*.bill.corp.internal', ['U0BEN'], 'C0BILL'),
      ],
    },
  });
  await worker.ask(importing([adding('a.prod.corp.internal'), adding('b.bill.corp.internal')]));
  before(worker);
  await worker.press('Apply 2');
  return {
    ...worker,
    in: (channel: string) =>
      worker.messenger.posts
        .filter(({ channelId }) => channelId === channel)
        .map(({ message }) => JSON.stringify(message.blocks)),
  };
};

describe('the request to approve a bulk', () => {
  it('names in each channel those whom its rule lists, and links to the whole list', async () => {
    const { in: postsIn } = await asked();
    for (const [channel, approver, other, file] of [
      ['C0PROD', 'U0ANNA', 'U0BEN', 'F1'],
      ['C0BILL', 'U0BEN', 'U0ANNA', 'F2'],
    ] as const) {
      const [post = '', ...more] = postsIn(channel);
      expect(more).toEqual([]);
      expect(post).toContain(approver);
      expect(post).not.toContain(other);
      expect(post).toContain(`<https://local.example/files/${file}|this file>`);
    }
  });

  it('is made without the list where Slack does not take the file, which is logged', async () => {
    const { in: postsIn, logged } = await asked({
      before: ({ files }) => files.trouble.push({ kind: 'refused', code: 'storage_limit_reached' }),
    });
    expect(postsIn('C0PROD')[0]).toContain('Slack did not take the file');
    expect(postsIn('C0BILL')[0]).toContain('files/F1');
    expect(logged.filter((line) => line.includes('could not be handed over'))).toHaveLength(1);
  });

  it('says to the requester in which channel it could not be made, and why', async () => {
    const outside = await asked({ channels: ['C0AUDIT', 'C0OTHER', 'C0BILL'] });
    expect(outside.lastReply()).toContain('I could not ask in <#C0PROD> (not_in_channel)');
    expect(outside.lastReply()).toContain('Asked in <#C0BILL>.');
    const silent = await asked({
      before: ({ messenger }) => messenger.trouble.push({ kind: 'unreachable', message: 'socket hang up' }),
    });
    expect(silent.lastReply()).toContain('I could not ask in <#C0PROD> (unreachable)');
    const nowhere = await asked({ channels: ['C0AUDIT', 'C0OTHER'] });
    expect(nowhere.lastReply()).not.toContain('Asked in');
  });

  it('stays in place when one of its rules has somebody, and loses its buttons once all have', async () => {
    const { press, messenger, in: postsIn } = await asked();
    const isReplaced = () => messenger.replies.at(-1)?.replaceOriginal;
    expect(isReplaced()).toBe(true);
    await press('Approve 2', { user: 'ben' });
    expect(isReplaced()).toBe(false);
    expect(postsIn('C0BILL')[0]).toContain('Approve 2');
    await press('Approve 2', { user: 'anna' });
    expect([...postsIn('C0BILL'), ...postsIn('C0PROD')].join()).not.toContain('Approve 2');
  });

  it('is answered in a message of its own to a requester who confirms in words', async () => {
    const worker = bulkUnderTest({ policy: { bulk: { names: 1, share: { of: 1, atLeast: 10 }, planMinutes: 60 } } });
    await worker.ask(importing([adding('a.corp.internal'), adding('b.corp.internal')]));
    await worker.say(worker.button('Apply 2'));
    expect((await worker.bulk())?.state).toBe('confirmed');
    expect(worker.messenger.replies.at(-1)?.replaceOriginal).toBe(false);
  });

  it('whose buttons cannot be taken away any more is logged', async () => {
    const { press, ports, logged } = await asked();
    Object.assign(ports.messenger, {
      edit: async () => ({ ok: false, failure: { kind: 'refused', code: 'message_not_found' } }),
    });
    await press('Approve 2', { user: 'ben' });
    expect(logged.join()).not.toContain('could not be closed');
    await press('Approve 2', { user: 'anna' });
    // In both channels: when the last has approved it, and at its end.
    expect(logged.filter((line) => line.includes('could not be closed'))).toHaveLength(4);
  });
});
