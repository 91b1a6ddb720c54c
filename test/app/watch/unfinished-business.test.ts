import { describe, expect, it } from 'vitest';
import type { DeadLetters } from '../../../lib/app/ports/dead-letters.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { handOverUnfinished } from '../../../lib/app/watch/unfinished-business.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const addLine = `add ${host} 10.0.4.12`;
const signal = new AbortController().signal;
type Worker = ReturnType<typeof workerUnderTest>;

/** A dead-letter queue in memory. */
const letters = (...messages: readonly unknown[]): DeadLetters & { readonly left: string[] } => {
  const left = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  return {
    left,
    receive: async () => left.map((body) => ({ body, receiptHandle: body })),
    remove: async (receiptHandle) => void left.splice(left.indexOf(receiptHandle), 1),
  };
};

const look = async (worker: Worker, deadLetters: DeadLetters = letters()): Promise<QueueMessage[]> => {
  worker.queued.length = 0;
  await handOverUnfinished({ ...worker.ports, deadLetters }, signal);
  return [...worker.queued];
};

const workAll = async (worker: Worker): Promise<void> => {
  for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
};

const dead = { submit: () => Promise.reject(new Error('the worker dies')) };
const state = async (worker: Worker) =>
  [...fold(await worker.ledger.read(host, signal)).changes.values()].at(-1)?.state;

describe('what was left unfinished', () => {
  it('finds nothing to do where nothing was left', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine);
    await worker.clock.advance(10 * 60_000);
    expect(await look(worker)).toEqual([]);
  });

  it('hands an interrupted change to the worker, who finishes and announces it', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: { ...worker.ports.zones, ...dead } });
    expect(await look(worker)).toEqual([]);
    await worker.clock.advance(4 * 60_000);
    expect(await look(worker)).toMatchObject([{ kind: 'resume', hostname: host }]);
    await workAll(worker);
    expect(await state(worker)).toBe('applied');
    expect(worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT')).toHaveLength(1);
    await worker.clock.advance(4 * 60_000);
    expect(await look(worker)).toEqual([]);
  });

  it('finds it also where the last days hold more than a round can keep, before it, among it, and after it', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: { ...worker.ports.zones, ...dead } });
    const [first, second] = await worker.ledger.read(host, signal);
    if (first?.body.kind !== 'requested' || second === undefined) throw new Error('not interrupted');
    const other = { ...first, stream: 'other.corp.internal', body: { ...first.body, text: 'x'.repeat(200_000) } };
    await worker.clock.advance(4 * 60_000);
    for (const place of [0, 1, 2]) {
      const noise = Array.from({ length: 100 }, () => other);
      const byDay: typeof worker.ledger.byDay = async (day) => ({
        entries: first.at.startsWith(day) ? [first, second].toSpliced(place, 0, ...noise) : [],
      });
      worker.queued.length = 0;
      const ledger = { ...worker.ledger, byDay };
      const state = createMemoryStateStore(worker.clock);
      await handOverUnfinished({ ...worker.ports, ledger, state, deadLetters: letters() }, signal);
      expect(worker.queued, `noise at ${place}`).toMatchObject([{ kind: 'resume', hostname: host }]);
    }
  });

  it('hands over what was finished and never announced', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine));
    worker.queued.length = 0;
    await worker.clock.advance(4 * 60_000);
    expect(await look(worker)).toMatchObject([{ kind: 'announce', hostname: host }]);
    await workAll(worker);
    expect(await worker.kinds('_audit')).toEqual(['announced']);
  });

  it('has a plan that nobody released expire', async () => {
    const worker = workerUnderTest({ policy: { confirm: { verbs: ['add'] } } });
    await worker.say(addLine);
    expect(await look(worker)).toEqual([]);
    await worker.clock.advance(16 * 60_000);
    expect(await look(worker)).toMatchObject([{ kind: 'resume' }]);
    await workAll(worker);
    expect(await state(worker)).toBe('expired');
  });

  it('returns what the queue has given up, to be ended: refused and told, where nothing was recorded', async () => {
    const worker = workerUnderTest();
    const lost = letters(worker.message(addLine));
    expect(await look(worker, lost)).toMatchObject([{ kind: 'given-up', message: { kind: 'command' } }]);
    expect(lost.left).toEqual([]);
    await workAll(worker);
    expect(worker.lastReply()).toContain('gave up: ');
    expect(await worker.kinds('_refused')).toEqual(['refused']);
    expect(await worker.records(host)).toEqual([]);
  });

  it('ends a recorded change that the queue has given up: failed, where nobody can look', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    const blind = { ...worker.ports.zones, ...dead };
    await worker.work(message, 1, { zones: blind });
    const failure = { ok: false, failure: { kind: 'unreachable', message: 'timed out.' } } as const;
    await look(worker, letters(message));
    const [handed] = worker.queued.splice(0);
    if (handed === undefined) throw new Error('nothing was handed over');
    await worker.work(handed, 1, { zones: { ...worker.ports.zones, readNames: async () => failure } });
    expect(await state(worker)).toBe('failed');
  });

  it('reads no stream that the days looked at hold from its first entry, and of the others some at a time', async () => {
    const worker = workerUnderTest({ policy: { confirm: { verbs: [] } } });
    const hosts = Array.from({ length: 20 }, (_, index) => `mx${index}.mail.corp.internal`);
    for (const each of hosts) await worker.say(`add ${each} 10.0.4.12`);
    let reads = 0;
    let atOnce = 0;
    let most = 0;
    const read: typeof worker.ledger.read = async (stream, stop) => {
      reads += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise(setImmediate);
      const entries = await worker.ledger.read(stream, stop);
      atOnce -= 1;
      return entries;
    };
    const handOver = () =>
      handOverUnfinished({ ...worker.ports, ledger: { ...worker.ledger, read }, deadLetters: letters() }, signal);
    await worker.clock.advance(10 * 60_000);
    expect(await handOver()).toBe(0);
    expect(reads).toBe(0);
    await worker.clock.advance(5 * 86_400_000);
    const dies = { zones: { ...worker.ports.zones, ...dead } };
    for (const each of hosts) await worker.work(worker.message(`update ${each} 10.0.4.13`), 1, dies);
    await worker.clock.advance(4 * 60_000);
    worker.queued.length = 0;
    expect(await handOver()).toBe(hosts.length);
    expect(new Set(worker.queued.map((message) => 'hostname' in message && message.hostname))).toEqual(new Set(hosts));
    expect(reads).toBe(hosts.length);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(10);
  });

  it('leaves a letter that it cannot read where it is, for a person', async () => {
    const worker = workerUnderTest();
    const odd = letters('{"kind":"mystery"}');
    expect(await look(worker, odd)).toEqual([]);
    expect(odd.left).toHaveLength(1);
    expect(worker.logged.some((line) => line.includes('a dead letter cannot be read'))).toBe(true);
  });
});

it('hands dead letters back though the ledger cannot be read', async () => {
  const worker = workerUnderTest();
  const deadLetters = letters({ kind: 'resume', hostname: host, changeId: 'change-1' });
  const ledger = { ...worker.ledger, byDay: () => Promise.reject(new Error('not as the ledger wrote it')) };
  await expect(handOverUnfinished({ ...worker.ports, ledger, deadLetters }, signal)).rejects.toThrow(
    'not as the ledger wrote it',
  );
  expect(deadLetters.left).toEqual([]);
  expect(worker.queued).toMatchObject([{ kind: 'given-up', message: { kind: 'resume', hostname: host } }]);
});
