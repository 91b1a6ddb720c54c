import { describe, expect, it } from 'vitest';
import { announce } from '../../../lib/app/notify/announce.ts';
import type { Messenger } from '../../../lib/app/ports/messenger.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { messageBudget } from '../../../lib/core/limits/limits.ts';
import { charactersOf } from '../../../lib/messages/block-kit/fit.ts';
import type { Message } from '../../../lib/messages/message.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = new AbortController().signal;
const policy = { cidrs: ['10.0.0.0/8', 'fd00::/8'] };
const labels = [`${'a'.repeat(63)}`, `${'b'.repeat(63)}`, `${'c'.repeat(63)}`].join('.');
const nameOf = (index: number): string => `h${String(index).padStart(2, '0')}.${labels}.corp.internal`;
const targetsOf = (index: number): string =>
  Array.from({ length: 8 }, (_, number) => `fd00:1234:5678:9abc:def0:1234:${index.toString(16)}:${1000 + number}`).join(
    ' ',
  );

type Worker = ReturnType<typeof workerUnderTest>;

const addMany = async (worker: Worker, count: number) => {
  for (let index = 0; index < count; index += 1)
    await worker.work(worker.message(`add ${nameOf(index)} ${targetsOf(index)}`));
  return worker.queued.splice(0);
};

const announced = async (worker: Worker): Promise<readonly string[]> =>
  (await worker.ledger.read('_audit', signal)).flatMap(({ body }) =>
    body.kind === 'announced' ? body.changes.map(({ hostname }) => hostname) : [],
  );

/** A Slack that refuses what says more than so many characters, text and blocks together. */
const refusingAbove = (messenger: Messenger, characters: number): Messenger => ({
  ...messenger,
  post: async (channelId, message, metadata, stop) =>
    message.text.length + charactersOf(message.blocks) > characters
      ? { ok: false, failure: { kind: 'refused', code: 'msg_blocks_too_long' } }
      : messenger.post(channelId, message, metadata, stop),
});

describe('a burst of announcements', () => {
  it('is sized by what it says, and announces every change once', async () => {
    const worker = workerUnderTest({ policy });
    const queued = await addMany(worker, 24);
    expect(queued).toHaveLength(24);
    for (const message of queued) expect(await worker.work(message)).toEqual({ kind: 'done' });
    const names = await announced(worker);
    expect(names.toSorted()).toEqual(Array.from({ length: 24 }, (_, index) => nameOf(index)));
    const posts = worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT');
    expect(posts.length).toBeLessThan(12);
    for (const { message } of posts) {
      expect(message.text.length).toBeLessThanOrEqual(messageBudget.textCharacters);
      expect(message.blocks.length).toBeLessThanOrEqual(messageBudget.blocks);
      expect(charactersOf(message.blocks)).toBeLessThanOrEqual(messageBudget.characters);
    }
    expect(verifyChain(await worker.ledger.read('_audit', signal), '_audit').ok).toBe(true);
  });

  it.each([9_000, 4_000, 1_500])(
    'is halved when Slack still refuses it, here above %i characters in all',
    async (characters) => {
      const worker = workerUnderTest({ policy });
      const queued = await addMany(worker, 8);
      const messenger = refusingAbove(worker.messenger, characters);
      for (const message of queued) expect(await worker.work(message, 1, { messenger })).toEqual({ kind: 'done' });
      expect((await announced(worker)).toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => nameOf(index)));
    },
  );

  it('goes on where an earlier version was refused for its size', async () => {
    const worker = workerUnderTest({ policy });
    const [first, ...rest] = await addMany(worker, 24);
    if (first?.kind !== 'announce') throw new Error('nothing to announce');
    const others = rest.flatMap((each) =>
      each.kind === 'announce' ? [{ hostname: each.hostname, changeId: each.changeId }] : [],
    );
    const value = {
      status: 'posting',
      hostname: first.hostname,
      inSync: true,
      since: new Date(worker.clock.now()).toISOString(),
      told: true,
      textDigest: '0',
      others,
    };
    await worker.ports.state.put({ collection: 'announcements-waiting', key: first.changeId, value }, false, signal);
    for (const message of [first, ...rest]) expect(await worker.work(message)).toEqual({ kind: 'done' });
    expect(await announced(worker)).toHaveLength(24);
  });
});

describe('messages that have no plainer form', () => {
  const fits = (message: Message | undefined): void => {
    if (message === undefined) throw new Error('nothing was said');
    expect(message.text.length).toBeLessThanOrEqual(messageBudget.textCharacters);
    expect(charactersOf(message.blocks)).toBeLessThanOrEqual(messageBudget.characters);
    expect(message.blocks.length).toBeLessThanOrEqual(messageBudget.blocks);
  };

  it.each([
    'pending',
    'list',
    'history',
    'list --page 2',
    'drift',
    'check all',
    'history --since 1d --page 3',
    `show ${nameOf(1)}`,
  ])('Slack takes %s of many long names', async (line) => {
    const worker = workerUnderTest({
      policy: line === 'pending' ? { ...policy, confirm: { verbs: ['add'] } } : policy,
    });
    await addMany(worker, 24);
    expect(await worker.say(line)).toEqual({ kind: 'done' });
    fits(worker.messenger.replies.at(-1)?.message);
    expect(worker.logged.filter((each) => each.includes('could not be answered'))).toEqual([]);
  });

  it('Slack takes a Home of many long names', async () => {
    const worker = workerUnderTest({ policy });
    await addMany(worker, 24);
    const { replyTo, ...message } = worker.message('list', { channel: 'U0MARIA' });
    await worker.work({ ...message, replyTo, command: { verb: 'home' }, text: 'home' });
    expect(worker.messenger.homes.get('U0MARIA')?.length).toBeGreaterThan(5);
  });
});

it('announces what cannot be read from the state table', async () => {
  const worker = workerUnderTest({ policy });
  const [queued] = await addMany(worker, 1);
  if (queued?.kind !== 'announce') throw new Error('nothing to announce');
  await worker.ports.state.put({ collection: 'announcements-waiting', key: queued.changeId, value: 7 }, false, signal);
  const deadline = { atMs: worker.clock.now() + 80_000, signal };
  expect(await announce(worker.ports, queued, 1, deadline)).toEqual({ kind: 'done' });
  expect(await announced(worker)).toEqual([nameOf(0)]);
});
