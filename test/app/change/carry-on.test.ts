import { describe, expect, it } from 'vitest';
import type { SubmitResult, ZoneStore } from '../../../lib/app/ports/zone-store.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const addLine = `add ${host} 10.0.4.12`;
const { signal } = new AbortController();
type Worker = ReturnType<typeof workerUnderTest>;
const unreachable = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } } as const;

/** Route 53 answers so to so many batches, none of which it takes, and takes what comes after; or the worker dies of it. */
const sending = (
  { ports: { zones } }: Worker,
  answer: SubmitResult,
  { times = Number.POSITIVE_INFINITY, dies = false } = {},
): ZoneStore => {
  let left = times;
  return {
    ...zones,
    submit: async (...batch) => {
      if (dies) throw new Error('the worker dies');
      left -= 1;
      return left < 0 ? zones.submit(...batch) : answer;
    },
  };
};

describe('carrying on', () => {
  it('takes what was recorded to its end, though policy no longer lets the person ask for it', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    let reads = 0;
    const zones = {
      ...worker.ports.zones,
      submit: async (...call: Parameters<typeof worker.ports.zones.submit>): Promise<SubmitResult> => {
        await worker.ports.zones.submit(...call);
        return { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
      },
      readNames: async (...call: Parameters<typeof worker.ports.zones.readNames>) => {
        reads += 1;
        if (reads === 1) return worker.ports.zones.readNames(...call);
        return { ok: false, failure: { kind: 'unreachable', message: 'timed out' } } as const;
      },
    };
    expect(await worker.work(message, 1, { zones })).toMatchObject({ kind: 'retry' });
    const policy = {
      ...worker.ports.policy,
      grants: [{ name: 'few', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'] }],
    };
    expect(await worker.work(message, 2, { policy })).toEqual({ kind: 'done' });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
    expect(await worker.kinds('_refused')).toEqual([]);
    expect(worker.lastReply()).not.toContain('Nothing was changed');
  });

  it('has a change finished whose own message is gone, when its name is asked for again', async () => {
    const worker = workerUnderTest();
    const dies = { ...worker.ports.zones, submit: () => Promise.reject(new Error('the worker dies')) };
    await worker.work(worker.message(addLine), 1, { zones: dies });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying']);
    await worker.say(`add ${host} 10.9.9.9`, { user: 'li' });
    expect((await worker.kinds(host)).at(-1)).toBe('applied');
    expect((await worker.records(host)).find(({ type }) => type === 'A')?.values).toEqual(['10.0.4.12']);
    expect(
      worker.messenger.replies.filter(
        ({ to, message }) => to.userId === 'U0LI' && message.text.includes('is being added by @maria'),
      ),
    ).toHaveLength(1);
    expect(worker.messenger.replies.at(-1)?.to.userId).toBe('U0MARIA');
    expect(worker.lastReply()).toContain('added');
  });

  it.each([
    [addLine, `${host} is being added by @maria`, ': 10.0.4.12'],
    [`remove ${host}`, `${host} is being removed by @maria`, undefined],
  ])('says what is being done to a name that is asked for meanwhile: %s', async (line, doing, leadsTo) => {
    const worker = workerUnderTest({ policy: { confirm: { verbs: [] } } });
    if (line !== addLine) await worker.say(addLine);
    await worker.work(worker.message(line), 1, { zones: sending(worker, unreachable, { dies: true }) });
    await worker.work(worker.message(`update ${host} 10.0.4.99`, { user: 'li' }));
    const said = worker.messenger.replies.at(-1)?.message.text ?? '';
    expect(said).toContain(doing);
    if (leadsTo === undefined) expect(said).toContain('UTC.');
    else expect(said.slice(said.indexOf('UTC'))).toContain(leadsTo);
  });

  it('says once that Route 53 cannot be read, and answers before it lets the message go', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    await worker.work(message, 1, { zones: sending(worker, unreachable, { dies: true }) });
    const unread = {
      ...worker.ports.zones,
      readNames: async () => ({ ok: false, failure: { kind: 'unreachable', message: 'timed out' } }) as const,
    };
    const { messenger } = worker;
    let said = 0;
    const reply: typeof messenger.reply = async (...call) => {
      for (let turn = 0; turn < 50; turn += 1) await null;
      said += 1;
      return messenger.reply(...call);
    };
    const counts: number[] = [];
    for (const deliveries of [1, 2, 3]) {
      await worker.work(message, deliveries, { zones: unread, messenger: { ...messenger, reply } });
      counts.push(said);
    }
    expect(counts).toEqual([1, 1, 1]);
  });

  it('leaves a plan alone that still waits', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine);
    await worker.say(`update ${host} 10.0.4.13`);
    const waiting = fold(await worker.ledger.read(host, signal)).pending[0];
    const before = worker.messenger.replies.length;
    await worker.work({ kind: 'resume', hostname: host, changeId: waiting?.changeId ?? '' });
    expect(worker.messenger.replies).toHaveLength(before);
    expect(worker.queued).toEqual([]);
  });

  it('tells of a failure of which a worker that died has told nobody, and tells it once', async () => {
    const worker = workerUnderTest();
    const dies = { ...worker.ports.queue, send: () => Promise.reject(new Error('the worker dies')) };
    const put: typeof worker.ports.state.put = async (item, ...rest) => {
      if (item.collection.startsWith('announcements')) throw new Error('the worker dies');
      return worker.ports.state.put(item, ...rest);
    };
    await worker.work(worker.message(addLine), 1, {
      zones: sending(worker, unreachable),
      queue: dies,
      state: { ...worker.ports.state, put },
    });
    const change = [...fold(await worker.ledger.read(host, signal)).changes.values()][0];
    expect(change?.state).toBe('failed');
    const told = (): number =>
      worker.messenger.replies.filter(({ message }) => message.text.includes('could not be added')).length;
    expect(told()).toBe(0);
    for (const deliveries of [1, 2]) {
      await worker.work({ kind: 'resume', hostname: host, changeId: change?.changeId ?? '' }, deliveries);
      for (const queued of worker.queued.splice(0)) await worker.work(queued);
      expect(told()).toBe(1);
    }
  });
});

describe('what Route 53 answers', () => {
  const busy = { kind: 'failed', failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' } } as const;
  const last = async (worker: Worker) => [...fold(await worker.ledger.read(host, signal)).changes.values()].at(-1);

  it('is waited for within one attempt while it is busy', async () => {
    const worker = workerUnderTest();
    const before = worker.clock.now();
    const zones = sending(worker, busy, { times: 3 });
    const events: string[] = [];
    const submit: typeof zones.submit = (...batch) => {
      events.push('sent');
      return zones.submit(...batch);
    };
    const sleep: typeof worker.clock.sleep = async (...call) => {
      await worker.clock.sleep(...call);
      for (let turn = 0; turn < 50; turn += 1) await null;
      events.push('waited');
    };
    const clock = { ...worker.ports.clock, sleep };
    await worker.work(worker.message(addLine), 1, { zones: { ...zones, submit }, clock });
    expect(await last(worker)).toMatchObject({ state: 'applied', attempts: 1 });
    expect(events.slice(0, 7)).toEqual(['sent', 'waited', 'sent', 'waited', 'sent', 'waited', 'sent']);
    expect(worker.clock.now()).toBeGreaterThan(before);
  });

  it('is not waited for longer than 20 s: then nothing was changed', async () => {
    const worker = workerUnderTest();
    const before = worker.clock.now();
    await worker.work(worker.message(addLine), 1, { zones: sending(worker, busy) });
    expect(await last(worker)).toMatchObject({
      state: 'failed',
      mayLandLate: false,
      reason: 'Error from Route 53: Rate exceeded. Nothing was changed.',
    });
    expect(worker.clock.now() - before).toBeGreaterThan(5_000);
    expect(worker.clock.now() - before).toBeLessThanOrEqual(20_000);
  });

  it.each<[string, SubmitResult, string, boolean]>([
    [
      'a refusal',
      { kind: 'invalid', messages: ['It exists.', 'So does that'] },
      'Error from Route 53: It exists. So does that. Nothing was changed.',
      false,
    ],
    [
      'a denial',
      { kind: 'failed', failure: { kind: 'denied', message: 'not authorized!' } },
      'Error from Route 53: not authorized! Nothing was changed.',
      false,
    ],
    [
      'silence',
      unreachable,
      'Error from Route 53: socket hang up. An earlier attempt may still take effect within 15 minutes.',
      true,
    ],
  ])('is kept in the reason: %s', async (_, answer, reason, mayLandLate) => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: sending(worker, answer) });
    expect(await last(worker)).toMatchObject({ state: 'failed', reason, mayLandLate });
  });

  it('is none where the worker died at its last attempt', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    for (const deliveries of [1, 2, 3])
      await worker.work(message, deliveries, { zones: sending(worker, unreachable, { dies: true }) });
    await worker.work(message, 4);
    expect(await last(worker)).toMatchObject({
      state: 'failed',
      reason: 'Route 53 gave no answer. An earlier attempt may still take effect within 15 minutes.',
    });
  });

  it('that came late is in the ledger before anything is said of it', async () => {
    const worker = workerUnderTest();
    const batches: Parameters<Worker['ports']['zones']['submit']>[] = [];
    const { submit } = worker.ports.zones;
    const zones = {
      ...worker.ports.zones,
      submit: async (...batch: Parameters<typeof submit>): Promise<SubmitResult> => {
        batches.push(batch);
        return unreachable;
      },
    };
    await worker.work(worker.message(addLine), 1, { zones });
    const [batch] = batches;
    if (batch !== undefined) await submit(...batch);
    worker.queued.splice(0);
    const before = worker.messenger.replies.length;
    const slow = {
      ...worker.ledger,
      append: async (...call: Parameters<typeof worker.ledger.append>) => {
        for (let turn = 0; turn < 50; turn += 1) await null;
        return worker.ledger.append(...call);
      },
    };
    await worker.work({ kind: 'resume', hostname: host, changeId: (await last(worker))?.changeId ?? '' }, 1, {
      ledger: slow,
    });
    const answers = worker.messenger.replies.slice(before);
    expect(answers.some(({ message }) => message.text.includes('could not be'))).toBe(false);
    expect(worker.lastReply()).toContain('took effect late');
  });
});
