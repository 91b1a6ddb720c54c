import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import { boundedResult } from '../../../lib/core/probe-report/bounded-report.ts';
import { worstReport } from '../../support/hostile-report.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const lines = [`add ${host} 10.0.4.12 --standby 10.0.4.13`, `check ${host}`, 'check all', `failover ${host}`] as const;

/** A state table that takes no item of these collections. */
const refusing = (state: Ports['state'], collections: readonly string[]): Ports['state'] => ({
  ...state,
  put: async (item, onlyIfAbsent, signal) => {
    if (collections.includes(item.collection))
      throw new Error('ValidationException: Item size has exceeded the maximum');
    return state.put(item, onlyIfAbsent, signal);
  },
});

const worst = boundedResult({ ok: true, report: worstReport(host) });
const scratch = ['probes', 'failover-probes', 'check-results', 'put-off'];

describe.each([
  ['a server that says as much as it can', (): Partial<Ports> => ({})],
  ['a table that keeps no probe', ({ state }: Ports): Partial<Ports> => ({ state: refusing(state, scratch) })],
])('%s', (_, over) => {
  it('keeps no change from being announced, and no command from its answer', async () => {
    const worker = workerUnderTest();
    worker.over.probe = () => worst;
    const ports = over(worker.ports);
    const run = async (line: string): Promise<void> => {
      const answered = worker.messenger.replies.length;
      expect(await worker.work(worker.message(line), 1, ports)).toEqual({ kind: 'done' });
      for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
        expect(await worker.work(next, 1, ports)).toEqual({ kind: 'done' });
      expect(worker.messenger.replies.length).toBeGreaterThan(answered);
    };
    for (const line of lines) await run(line);
    await run(`approve ${await lastChange(worker)} --plan ${await lastDigest(worker)}`);
    expect(worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT')).toHaveLength(2);
    expect(await worker.kinds('_audit')).toEqual(['announced', 'announced']);
  });
});

it('takes an unreadable item of the state table for none, and works on', async () => {
  const worker = workerUnderTest();
  await worker.say(lines[0]);
  const signal = new AbortController().signal;
  for (const collection of [
    'directory',
    'probes',
    'plans-waiting',
    'announcements-waiting',
    'incidents',
    'healths',
    'mutes',
  ])
    await worker.ports.state.put({ collection, key: 'poison', value: { odd: true } }, false, signal);
  for (const line of ['list', 'check all', 'pending', 'status', 'drift', `undo ${await lastChange(worker)}`])
    expect(await worker.say(line)).toEqual({ kind: 'done' });
  expect(await worker.kinds('_audit')).toHaveLength(2);
});

const lastDigest = async ({ ledger }: ReturnType<typeof workerUnderTest>): Promise<string> => {
  const body = (await ledger.read(host, new AbortController().signal)).at(-1)?.body;
  return body?.kind === 'requested' ? body.plan.digest.slice(0, 12) : '';
};

const lastChange = async ({ ledger }: ReturnType<typeof workerUnderTest>): Promise<string> => {
  const entries = await ledger.read(host, new AbortController().signal);
  const body = entries.at(-1)?.body;
  if (body?.kind !== 'applied' && body?.kind !== 'requested') throw new Error('there is no change');
  return body.changeId;
};

it('announces a change and sees a round through where the prober itself breaks off', async () => {
  const worker = workerUnderTest();
  const broken = async (): Promise<never> => {
    throw new Error('out of memory');
  };
  const ports = { prober: { probe: broken }, batchProber: { probeMany: broken } };
  for (const line of [lines[0], 'check all']) {
    expect(await worker.work(worker.message(line), 1, ports)).toEqual({ kind: 'done' });
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
      expect(await worker.work(next, 1, ports)).toEqual({ kind: 'done' });
  }
  expect(await worker.kinds('_audit')).toEqual(['announced']);
  expect(worker.lastReply()).toContain('out of memory');
});
