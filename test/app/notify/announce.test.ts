import { describe, expect, it } from 'vitest';
import { textDigestOf } from '../../../lib/app/verify/posted-text.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

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

const auditPosts = (worker: ReturnType<typeof workerUnderTest>) =>
  worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT');

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
    worker.messenger.trouble.push(
      { kind: 'rate-limited', retryAfterSeconds: 17 },
      { kind: 'unreachable', message: 'HTTP 500' },
    );
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
    for (let number = 1; number <= 30; number += 1)
      queued.push(await added(worker, `add h${number}.corp.internal 10.0.4.${number}`));
    for (const message of queued) expect(await worker.work(message)).toEqual({ kind: 'done' });
    const entries = await worker.ledger.read('_audit', signal);
    const announced = entries.flatMap(({ body }) =>
      body.kind === 'announced' ? body.changes.map(({ hostname }) => hostname) : [],
    );
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

  it('takes a message whose answer was lost for nothing that has finished since', async () => {
    const worker = workerUnderTest();
    const first = await added(worker);
    worker.messenger.trouble.push('lost-answer');
    expect(await worker.work(first, 1)).toMatchObject({ kind: 'retry' });
    const later = [];
    for (const number of [1, 2, 3, 4]) later.push(await added(worker, `add h${number}.corp.internal 10.0.4.${number}`));
    for (const [message, deliveries] of [[first, 2], ...later.map((each) => [each, 1] as const)] as const) {
      expect(await worker.work(message, deliveries)).toEqual({ kind: 'done' });
    }
    const said = JSON.stringify(auditPosts(worker).map(({ message }) => message));
    for (const number of [1, 2, 3, 4]) expect(said).toContain(`h${number}.corp.internal`);
    const announced = (await worker.ledger.read('_audit', signal)).flatMap(({ body }) =>
      body.kind === 'announced' ? body.changes : [],
    );
    expect(announced.map(({ hostname }) => hostname).toSorted()).toEqual(
      [host, 'h1', 'h2', 'h3', 'h4'].map((name) => (name === host ? name : `${name}.corp.internal`)).toSorted(),
    );
  });

  it('enters the digest of the text that was posted in the end', async () => {
    const worker = workerUnderTest();
    const queued = await added(worker);
    worker.messenger.trouble.push({ kind: 'unreachable', message: 'HTTP 500' });
    expect(await worker.work(queued, 1)).toMatchObject({ kind: 'retry' });
    worker.over.probe = () => ({ ok: false, failure: { kind: 'timeout', message: 'no answer' } });
    await worker.say(`check ${host}`);
    expect(await worker.work(queued, 2)).toEqual({ kind: 'done' });
    const [entry] = await worker.ledger.read('_audit', signal);
    expect(entry?.body).toMatchObject({ textDigest: textDigestOf(auditPosts(worker)[0]?.message.text ?? '') });
  });

  it.each([
    ['applied', addLine, 'added'],
    ['a failing probe', addLine, 'no answer'],
  ])('that Slack refuses leaves nobody in the audit channel without the result: %s', async (what, line, verdict) => {
    const worker = workerUnderTest();
    if (what !== 'applied')
      worker.over.probe = () => ({ ok: false, failure: { kind: 'timeout', message: 'no answer' } });
    await worker.work(worker.message(line, { channel: 'C0AUDIT' }));
    const before = worker.messenger.replies.length;
    const queued = worker.queued.shift();
    if (queued === undefined) throw new Error('nothing was queued');
    for (const deliveries of [1, 2, 3]) {
      worker.messenger.trouble.push({ kind: 'refused', code: 'not_in_channel' });
      // The first time the person cannot be told either: it is tried again.
      if (deliveries === 1) worker.messenger.replyTrouble.push({ kind: 'refused', code: 'messages_tab_disabled' });
      expect(await worker.work(queued, deliveries)).toMatchObject({ kind: 'retry' });
      expect(worker.logged.filter((line) => line.includes('could not be notified'))).toHaveLength(1);
    }
    const told = worker.messenger.replies.slice(before);
    expect(told).toHaveLength(1);
    const said = JSON.stringify(told[0]?.message);
    for (const part of [host, verdict, 'not announced yet', '/invite']) expect(said).toContain(part);
  });

  it('announces nothing that still waits, and nothing that nobody knows', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine);
    await worker.say(`update ${host} 10.0.4.13`);
    const [waiting] = fold(await worker.ledger.read(host, signal)).pending;
    const before = auditPosts(worker).length;
    for (const changeId of [waiting?.changeId ?? '', '0000000000000000'])
      expect(await worker.work({ kind: 'announce', hostname: host, changeId })).toEqual({ kind: 'done' });
    expect(auditPosts(worker)).toHaveLength(before);
    expect(await worker.kinds('_audit')).toEqual(['announced']);
  });

  it('that Slack refuses names the change to somebody who was answered elsewhere, in one line', async () => {
    const worker = workerUnderTest();
    const queued = await added(worker);
    worker.messenger.trouble.push({ kind: 'refused', code: 'is_archived' });
    await worker.work(queued, 1);
    expect(worker.lastReply()).toContain(host);
    expect(worker.lastReply()).toContain('is_archived');
  });

  it('speaks for what was given up in the audit channel, as soon as it can speak there again', async () => {
    const worker = workerUnderTest();
    const given = await added(worker);
    worker.messenger.trouble.push({ kind: 'refused', code: 'is_archived' });
    expect(await worker.work(given, 20)).toMatchObject({ kind: 'retry' });
    await worker.say('add other.mail.corp.internal 10.0.4.13');
    const [entry] = await worker.ledger.read('_audit', signal);
    const names = entry?.body.kind === 'announced' ? entry.body.changes.map(({ hostname }) => hostname) : [];
    expect(names).toEqual(['other.mail.corp.internal', host]);
  });

  it('points the channel of the commands to a burst in one message, in spite of a 429', async () => {
    const worker = workerUnderTest();
    const queued = [];
    for (const number of [1, 2, 3, 4, 5])
      queued.push(await added(worker, `add h${number}.corp.internal 10.0.4.${number}`));
    const [first] = queued;
    if (first === undefined) throw new Error('nothing was queued');
    const { post } = worker.messenger;
    let refusals = 2;
    const messenger = {
      ...worker.messenger,
      post: async (...call: Parameters<typeof post>): ReturnType<typeof post> => {
        if (call[0] === 'C0OTHER' && refusals-- > 0)
          return { ok: false, failure: { kind: 'rate-limited', retryAfterSeconds: 1 } };
        return post(...call);
      },
    };
    expect(await worker.work(first, 1, { messenger })).toEqual({ kind: 'done' });
    const pointers = worker.messenger.posts.filter(({ channelId }) => channelId === 'C0OTHER');
    expect(pointers).toHaveLength(1);
    for (const number of [1, 2, 3, 4, 5]) expect(pointers[0]?.message.text).toContain(`h${number}.corp.internal`);
  });

  it('does not announce as landed what landed late and is not finished, and announces it once it is', async () => {
    const worker = workerUnderTest();
    const unreachable = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } } as const;
    const { zones } = worker.ports;
    const batches: Parameters<typeof zones.submit>[] = [];
    const lost = {
      ...zones,
      submit: async (...batch: Parameters<typeof zones.submit>) => {
        batches.push(batch);
        return unreachable;
      },
    };
    await worker.work(worker.message(addLine), 1, { zones: lost });
    const [announcement] = worker.queued.splice(0);
    const [batch] = batches;
    if (announcement?.kind !== 'announce' || batch === undefined) throw new Error('nothing was announced');
    await zones.submit(...batch);
    const resume = { kind: 'resume', hostname: host, changeId: announcement.changeId } as const;
    const dies = { ...worker.ports.state, put: () => Promise.reject(new Error('the worker dies')) };
    await worker.work(resume, 1, { state: dies });
    expect((await worker.kinds(host)).at(-1)).toBe('applied');
    expect(await worker.work(announcement)).toEqual({ kind: 'done' });
    const burst = [];
    for (const number of [1, 2, 3, 4]) burst.push(await added(worker, `add h${number}.corp.internal 10.0.4.${number}`));
    for (const queued of burst) expect(await worker.work(queued)).toEqual({ kind: 'done' });
    expect(JSON.stringify(auditPosts(worker))).toContain('h1.corp.internal');
    expect(JSON.stringify(auditPosts(worker))).not.toContain(host);
    await worker.work(resume, 2);
    for (const queued of worker.queued.splice(0)) expect(await worker.work(queued)).toEqual({ kind: 'done' });
    expect(auditPosts(worker).filter(({ message }) => JSON.stringify(message).includes(host))).toHaveLength(1);
    expect(JSON.stringify(auditPosts(worker))).toContain('took effect late');
  });
});
