import { describe, expect, it } from 'vitest';
import { messageGroup } from '../../../lib/app/queue/message-group.ts';
import { refusedStream } from '../../../lib/core/ledger/entry.ts';
import { fairShares, personBudgets, workersAtOnce } from '../../../lib/core/shares/fair-shares.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const shares = fairShares(workersAtOnce);
const signal = new AbortController().signal;
const grants = [{ name: 'maria', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI'], verbs: ['*'] }];

type Worker = ReturnType<typeof workerUnderTest>;

/** A command as it comes from the front. */
const received = (worker: Worker, line: string, who: Parameters<Worker['message']>[1] = {}) => ({
  ...worker.message(line, who),
  toAdmit: true as const,
});

/** A worker whose every read of the ledger and of zones is noted. */
const watched = (worker: Worker) => {
  const reads: string[] = [];
  const noting = <Port extends object>(port: Port, names: readonly string[]): Port =>
    new Proxy(port, {
      get: (target, key, receiver) => {
        if (names.includes(String(key))) reads.push(String(key));
        return Reflect.get(target, key, receiver);
      },
    });
  return {
    reads,
    ports: {
      ledger: noting(worker.ports.ledger, ['read', 'byDay']),
      zones: noting(worker.ports.zones, ['readNames', 'inspectZone']),
    },
  };
};

describe('a command that has just come', () => {
  it('is authorised in its person’s group, and worked in that of its hostname or its request', async () => {
    const worker = workerUnderTest();
    for (const [line, group] of [
      [`add ${host} 10.0.4.12`, `name:${host}`],
      ['add audit.corp.internal 10.0.4.12', 'name:audit.corp.internal'],
      ['list', 'read:request-3'],
      [`check ${host}`, 'read:request-4'],
    ] as const) {
      const message = received(worker, line);
      expect(messageGroup(message)).toBe('person:T0TEAM:U0MARIA');
      expect(await worker.work(message)).toEqual({ kind: 'done' });
      const [sent] = worker.queued.splice(0);
      expect(sent).toMatchObject({ kind: 'command', text: line });
      expect(sent && messageGroup(sent)).toBe(group);
      expect(sent && (await worker.work(sent))).toEqual({ kind: 'done' });
      worker.queued.splice(0);
    }
    // On the test clock, a check says at once that it waits.
    const results = worker.messenger.replies.filter(({ message }) => !message.text.startsWith('⏳'));
    expect(results).toHaveLength(4);
  });

  it('shares no group with announcements, incidents or another kind, whatever is typed', () => {
    const worker = workerUnderTest();
    const named = ['audit', 'system:audit', 'incident:1', 'read:request-1', 'person:T0TEAM:U0MARIA', 'x'.repeat(200)];
    const groups = named.flatMap((name) => {
      const message = {
        ...worker.message('list'),
        command: { verb: 'remove', hostname: name, dryRun: false } as const,
      };
      return [messageGroup(message), messageGroup({ ...message, toAdmit: true })];
    });
    const own = [
      messageGroup({ kind: 'announce', hostname: 'audit', changeId: 'c' }),
      messageGroup({ kind: 'incident', incidentId: '1', revision: 1 }),
    ];
    expect(own.filter((group) => groups.includes(group))).toEqual([]);
    expect(groups.every((group) => /^(?:name|person):.{1,122}$/.test(group))).toBe(true);
  });

  it.each([
    'undo 0000…00',
    'undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    `check ${host}`,
    'check all',
    `show ${host}`,
    `drift ${host}`,
    'approve 0000…00',
    'history',
  ])('reads nothing of ledger and zones for somebody without rights: %s', async (line) => {
    const worker = workerUnderTest({ policy: { grants } });
    const { reads, ports } = watched(worker);
    expect(await worker.work(received(worker, line, { user: 'guest' }), 1, ports)).toEqual({ kind: 'done' });
    expect(worker.queued).toEqual([]);
    expect(reads).toEqual([]);
    expect(worker.lastReply()).toMatch(/What you may do/);
  });

  it('answers that a person has as many checks running as one may, and lets the next one in when one has ended', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    const admitted = [];
    for (let index = 0; index < 12; index += 1) {
      await worker.work(received(worker, `check h${index}.corp.internal`));
      admitted.push(...worker.queued.splice(0));
    }
    expect(admitted).toHaveLength(shares.checksOfPerson);
    expect(worker.lastReply()).toMatch(/2 checks running.*Ask again/s);
    await worker.work(received(worker, `check ${host}`, { user: 'li' }));
    expect(worker.queued.splice(0)).toHaveLength(1);
    for (const message of admitted) await worker.work(message);
    await worker.work(received(worker, `check ${host}`));
    expect(worker.queued.splice(0)).toHaveLength(1);
  });

  it('forgets what a worker that died had in hand', async () => {
    const worker = workerUnderTest();
    for (let index = 0; index < 3; index += 1) await worker.work(received(worker, `check h${index}.corp.internal`));
    expect(worker.queued.splice(0)).toHaveLength(shares.checksOfPerson);
    await worker.clock.advance(100_000);
    await worker.work(received(worker, 'check again.corp.internal'));
    expect(worker.queued.splice(0)).toHaveLength(1);
  });

  it('lets changes of one person wait for each other, and refuses none', async () => {
    const worker = workerUnderTest();
    const waiting = Array.from({ length: 7 }, (_, index) => received(worker, `add h${index}.corp.internal 10.0.4.12`));
    const outcomes = [];
    for (const message of waiting) outcomes.push((await worker.work(message)).kind);
    expect(outcomes).toEqual(waiting.map(() => 'done'));
    expect(worker.messenger.replies).toEqual([]);
    const sent = worker.queued.splice(0);
    const groups = sent.map(messageGroup);
    const own = 'waiting:T0TEAM:U0MARIA';
    expect(groups.map((group) => group === own)).toEqual(waiting.map((_, index) => index >= shares.changesOfPerson));
    const admitted = sent.slice(0, shares.changesOfPerson);
    const put = sent.slice(shares.changesOfPerson);
    for (const message of put) expect(await worker.work(message)).toMatchObject({ kind: 'retry' });
    for (const message of admitted) await worker.work(message);
    worker.queued.splice(0);
    for (const message of put) expect(await worker.work(message, 2)).toEqual({ kind: 'done' });
    expect(worker.queued.splice(0).map(messageGroup)).toEqual(['name:h5.corp.internal', 'name:h6.corp.internal']);
  });

  /** As many changes of maria under way as she may have, and one more that waits. */
  const full = async () => {
    const worker = workerUnderTest();
    for (let index = 0; index <= shares.changesOfPerson; index += 1)
      await worker.work(received(worker, `add h${index}.corp.internal 10.0.4.12`));
    const sent = worker.queued.splice(0);
    const waits = sent.pop();
    if (waits === undefined) throw new Error('nothing waits');
    return { worker, underWay: sent, waits };
  };

  it('does not wait for the person’s changes where it is none', async () => {
    const { worker } = await full();
    for (const [line, group] of [
      ['list', 'read:'],
      [`mute ${host} 2h`, 'name:'],
      ['check other.corp.internal', 'read:'],
    ] as const) {
      expect(await worker.work(received(worker, line))).toEqual({ kind: 'done' });
      expect(worker.queued.splice(0).map((message) => messageGroup(message).startsWith(group))).toEqual([true]);
    }
  });

  it('is begun behind those of the person’s changes that wait, though there is room by then', async () => {
    const { worker, underWay, waits } = await full();
    for (const message of underWay) await worker.work(message);
    worker.queued.splice(0);
    await worker.work(received(worker, 'update h5.corp.internal 10.0.4.13'));
    const [later] = worker.queued.splice(0);
    if (later === undefined) throw new Error('the later change is lost');
    expect(messageGroup(later)).toBe(messageGroup(waits));
    for (const message of [waits, later]) expect(await worker.work(message)).toEqual({ kind: 'done' });
    const begun = worker.queued.splice(0);
    expect(begun.map(messageGroup)).toEqual(['name:h5.corp.internal', 'name:h5.corp.internal']);
    for (const message of begun) await worker.work(message);
    worker.queued.splice(0);
    await worker.work(received(worker, 'add h9.corp.internal 10.0.4.12'));
    expect(worker.queued.splice(0).map(messageGroup)).toEqual(['name:h9.corp.internal']);
  });

  it('says that it waits, once, and gives a change up before the queue does: with an answer, and in no one’s way', async () => {
    const { worker, waits } = await full();
    // What does not end: as if each of those under way took for ever.
    const outcomes: string[] = [];
    let seconds = 0;
    for (let deliveries = 1; deliveries <= 20 && outcomes.at(-1) !== 'done'; deliveries += 1) {
      const outcome = await worker.work(waits, deliveries);
      outcomes.push(outcome.kind);
      seconds += outcome.kind === 'retry' ? outcome.afterSeconds : 0;
      const texts = worker.messenger.replies.map(({ message }) => message.text);
      if (deliveries === 10)
        expect(texts).toEqual([expect.stringContaining('This waits: you have 5 changes under way')]);
    }
    expect(outcomes.at(-1)).toBe('done');
    expect(outcomes.length).toBeLessThan(20);
    expect(seconds).toBeGreaterThan(240);
    expect(worker.messenger.replies).toHaveLength(2);
    expect(worker.lastReply()).toContain('Nothing was changed.');
    expect(worker.lastReply()).toContain('/postal-endpoint add h5.corp.internal 10.0.4.12');
    expect(await worker.kinds('h5.corp.internal')).toEqual([]);
    await worker.clock.advance(100_000);
    await worker.work(received(worker, 'add h9.corp.internal 10.0.4.12'));
    expect(worker.queued.splice(0).map(messageGroup)).toEqual(['name:h9.corp.internal']);
  });

  it('is admitted again by a second delivery, without taking a second place', async () => {
    const worker = workerUnderTest();
    const message = received(worker, `check ${host}`);
    for (const deliveries of [1, 2, 3]) await worker.work(message, deliveries);
    expect(worker.queued.splice(0)).toHaveLength(3);
    await worker.work(received(worker, 'check other.corp.internal'));
    expect(worker.queued.splice(0)).toHaveLength(1);
  });

  it('is refused beyond so many in a minute', async () => {
    const worker = workerUnderTest();
    for (let index = 0; index <= personBudgets.commandsPerMinute; index += 1)
      await worker.work(received(worker, 'list'));
    expect(worker.queued.splice(0)).toHaveLength(personBudgets.commandsPerMinute);
    expect(worker.lastReply()).toMatch(/300 commands in this minute/);
    await worker.clock.advance(60_000);
    await worker.work(received(worker, 'list'));
    expect(worker.queued.splice(0)).toHaveLength(1);
  });
});

it('enters few of many refusals of one person, each answered, and all of another', async () => {
  const worker = workerUnderTest({ policy: { grants } });
  for (let index = 0; index < 200; index += 1)
    await worker.work(
      received(worker, `add h${index}.corp.internal 10.0.4.12 --note "${'x'.repeat(400)}"`, { user: 'guest' }),
    );
  expect(worker.messenger.replies).toHaveLength(200);
  const entries = await worker.ledger.read(refusedStream, signal);
  expect(entries).toHaveLength(24);
  expect(JSON.stringify(entries.at(-1)?.body)).toMatch(/counted: 161 refusals/);
  await worker.work(received(worker, `add ${host} 10.0.4.12`, { user: 'other' }));
  expect(await worker.ledger.read(refusedStream, signal)).toHaveLength(25);
});
