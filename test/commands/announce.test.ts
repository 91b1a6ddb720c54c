import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../lib/ledger/chain.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const addLine = `add ${host} 10.0.4.12`;
const signal = new AbortController().signal;

/** Adds without working what that queued. */
const added = async (worker: ReturnType<typeof workerUnderTest>, line = addLine) => {
  await worker.work(worker.message(line));
  const queued = worker.queued.shift();
  if (queued === undefined) throw new Error('nothing was queued');
  return queued;
};

const auditPosts = (worker: ReturnType<typeof workerUnderTest>) => worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT');

describe('announce', () => {
  it('carries the hash of the audit entry before it, in text and metadata', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine);
    await worker.say('add other.mail.corp.internal 10.0.4.13');
    const entries = await worker.ledger.read('_audit', signal);
    expect(verifyChain(entries, '_audit').ok).toBe(true);
    const [first] = entries;
    const second = auditPosts(worker)[1];
    expect(second?.metadata.event_payload['previous_audit_hash']).toBe(first?.hash);
    expect(second?.message.text).toContain(first?.hash);
  });

  it('is made once, however often it is asked for', async () => {
    const worker = workerUnderTest();
    const queued = await added(worker);
    for (const deliveries of [1, 2, 3]) expect(await worker.work(queued, deliveries)).toEqual({ kind: 'done' });
    expect(auditPosts(worker)).toHaveLength(1);
    expect(await worker.kinds('_audit')).toEqual(['announced']);
  });

  it('looks a post up whose answer was lost, instead of repeating it', async () => {
    const worker = workerUnderTest();
    const queued = await added(worker);
    worker.messenger.trouble.push('lost-answer');
    expect(await worker.work(queued, 1)).toMatchObject({ kind: 'retry' });
    expect(await worker.kinds('_audit')).toEqual([]);
    await worker.clock.advance(60_000);
    expect(await worker.work(queued, 2)).toEqual({ kind: 'done' });
    expect(auditPosts(worker)).toHaveLength(1);
    expect((await worker.ledger.read('_audit', signal))[0]?.body).toMatchObject({ ts: auditPosts(worker)[0]?.ts });
  });

  it('waits as long as a 429 says, and tries again after a 500', async () => {
    const worker = workerUnderTest();
    const queued = await added(worker);
    worker.messenger.trouble.push({ kind: 'rate-limited', retryAfterSeconds: 17 }, { kind: 'unreachable', message: 'HTTP 500' });
    expect(await worker.work(queued, 1)).toMatchObject({ kind: 'retry', afterSeconds: 17 });
    expect(await worker.work(queued, 2)).toMatchObject({ kind: 'retry' });
    expect(await worker.work(queued, 3)).toEqual({ kind: 'done' });
    expect(auditPosts(worker)).toHaveLength(1);
  });

  it('tells the requester, once, that the bot is not in the audit channel, and announces when it is', async () => {
    const worker = workerUnderTest({ channels: ['C0OTHER'] });
    const queued = await added(worker);
    const before = worker.messenger.replies.length;
    for (const deliveries of [1, 2]) expect(await worker.work(queued, deliveries)).toMatchObject({ kind: 'retry' });
    expect(worker.messenger.replies).toHaveLength(before + 1);
    expect(worker.lastReply()).toContain('not a member of the audit channel');
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
  });

  it('speaks for many in one message when they come in a burst', async () => {
    const worker = workerUnderTest();
    const queued = [];
    for (let number = 1; number <= 30; number += 1) queued.push(await added(worker, `add h${number}.corp.internal 10.0.4.${number}`));
    for (const message of queued) expect(await worker.work(message)).toEqual({ kind: 'done' });
    const entries = await worker.ledger.read('_audit', signal);
    const announced = entries.flatMap(({ body }) => (body.kind === 'announced' ? body.changes.map(({ hostname }) => hostname) : []));
    expect(new Set(announced).size).toBe(30);
    expect(announced).toHaveLength(30);
    expect(auditPosts(worker).length).toBeLessThan(10);
  });

  it('announces a failure with its reason', async () => {
    const worker = workerUnderTest();
    const denied = { kind: 'failed', failure: { kind: 'denied', message: 'not authorized' } } as const;
    await worker.work(worker.message(addLine), 1, { zones: { ...worker.ports.zones, submit: async () => denied } });
    const queued = worker.queued.shift();
    if (queued !== undefined) await worker.work(queued);
    expect(JSON.stringify(auditPosts(worker)[0]?.message)).toContain('not authorized');
  });
});
