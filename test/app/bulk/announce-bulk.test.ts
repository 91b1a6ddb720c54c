import { describe, expect, it } from 'vitest';
import { announcementStatus } from '../../../lib/app/state/announcements.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const { signal } = new AbortController();

/** A bulk that has ended, and the message by which it is to be announced. */
const unannounced = async () => {
  const worker = bulkUnderTest();
  const { ask, work, message, button, queued, messenger, ports, bulkId, kinds } = worker;
  await ask(importing(addingMany(2)));
  await work(message(button('Apply 2')));
  for (const given of queued.splice(0)) await work(given);
  const [announcement] = queued.splice(0);
  if (announcement?.kind !== 'announce') throw new Error('no announcement was queued');
  return {
    ...worker,
    announcement,
    audit: (): readonly string[] =>
      messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT').map(({ message }) => message.text),
    status: () => announcementStatus(ports.state, bulkId, signal),
    announcedEntries: async () => (await kinds('_audit')).filter((kind) => kind === 'announced'),
  };
};

describe('the announcement of a bulk', () => {
  it('follows that of an earlier change, which says nothing of it', async () => {
    const { say, work, announcement, audit, announcedEntries, messenger, status } = await unannounced();
    await say('add other.corp.internal 10.0.9.1');
    await work(announcement);
    expect(audit()).toEqual([
      expect.stringContaining('other.corp.internal'),
      expect.stringContaining('2 names changed'),
    ]);
    expect(await announcedEntries()).toHaveLength(2);
    expect(await status()).toMatchObject({ status: 'announced', permalink: messenger.posts.at(-1)?.permalink });
  });

  it('is not made again where it was made, whatever was announced since', async () => {
    const { say, work, announcement, audit, announcedEntries } = await unannounced();
    await work(announcement);
    await say('add other.corp.internal 10.0.9.1');
    await work(announcement, 2);
    expect(audit()).toHaveLength(2);
    expect(await announcedEntries()).toHaveLength(2);
  });

  it('is not made again where the worker died before it had noted it', async () => {
    const { work, announcement, audit, announcedEntries, ports, messenger, status } = await unannounced();
    const { put } = ports.state;
    const dies: typeof put = async (item, ...rest) =>
      item.collection === 'announcements-made' ? Promise.reject(new Error('the worker dies')) : put(item, ...rest);
    await work(announcement, 1, { state: { ...ports.state, put: dies } });
    expect(await status()).toMatchObject({ status: 'posting' });
    await work(announcement, 2);
    expect(audit()).toHaveLength(1);
    expect(await announcedEntries()).toHaveLength(1);
    expect(await status()).toMatchObject({ status: 'announced', permalink: messenger.posts.at(-1)?.permalink });
  });

  it('shrinks to one line where Slack does not take the whole', async () => {
    const { work, announcement, audit, messenger, announcedEntries } = await unannounced();
    messenger.trouble.push({ kind: 'refused', code: 'invalid_blocks' });
    await work(announcement);
    expect(audit()).toEqual([expect.stringContaining('2 names changed')]);
    expect(audit()[0]).not.toContain('SHA-256');
    expect(audit()[0]).toContain('previous audit entry');
    expect(await announcedEntries()).toHaveLength(1);
  });

  it('shows the whole where Slack takes it, and the digest of the list', async () => {
    const { work, announcement, audit, bulk } = await unannounced();
    await work(announcement);
    expect(audit()[0]).toContain((await bulk())?.digest);
  });

  it('is tried later where Slack takes neither', async () => {
    const { work, announcement, audit, messenger } = await unannounced();
    messenger.trouble.push({ kind: 'refused', code: 'not_in_channel' });
    expect(await work(announcement)).toMatchObject({ kind: 'retry' });
    expect(audit()).toEqual([]);
  });
});

/** A bulk that its requester has withdrawn, asked for in a channel. */
const withdrawn = async (channel: string, channels = ['C0AUDIT', 'C0OTHER']) => {
  const worker = bulkUnderTest({ channels });
  const { actor } = worker.message('whoami', { channel });
  await worker.ask(importing(addingMany(2)), { actor });
  await worker.say(`cancel ${worker.bulkId}`, { channel });
  return worker;
};

describe('the channel of the command', () => {
  it('learns of a bulk that ended without effect, with a link to its announcement', async () => {
    const { messenger } = await withdrawn('C0OTHER');
    const audit = messenger.posts.find(({ channelId }) => channelId === 'C0AUDIT');
    expect(messenger.posts.filter(({ channelId }) => channelId === 'C0OTHER')).toMatchObject([
      { message: { text: expect.stringContaining(audit?.permalink ?? 'no link') } },
    ]);
  });

  it('is not told twice where it is the audit channel, and not at all where it is a direct message', async () => {
    for (const channel of ['C0AUDIT', 'D0MARIA']) {
      const { messenger, logged } = await withdrawn(channel, ['C0AUDIT', 'C0OTHER', 'D0MARIA']);
      expect(messenger.posts.map(({ channelId }) => channelId)).toEqual(['C0AUDIT']);
      expect(logged.filter((line) => line.includes('could not'))).toEqual([]);
    }
  });

  it('is told nothing more of a bulk that was applied, whose own message is there', async () => {
    const { work, announcement, messenger } = await unannounced();
    const before = messenger.posts.filter(({ channelId }) => channelId === 'C0OTHER').length;
    await work(announcement);
    expect(messenger.posts.filter(({ channelId }) => channelId === 'C0OTHER')).toHaveLength(before);
  });

  it('may be one that the bot is not in: that is logged, and the bulk is announced', async () => {
    const { messenger, logged } = await withdrawn('C0ELSEWHERE');
    expect(messenger.posts.map(({ channelId }) => channelId)).toEqual(['C0AUDIT']);
    expect(logged.filter((line) => line.includes('the channel of a bulk could not be notified'))).toHaveLength(1);
  });
});
