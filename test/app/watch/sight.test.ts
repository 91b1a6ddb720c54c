import { describe, expect, it } from 'vitest';
import { directoryItem } from '../../../lib/app/state/directory.ts';
import { saveHealth } from '../../../lib/app/state/health-store.ts';
import { listIncidents, saveIncident } from '../../../lib/app/state/incident-store.ts';
import { saveLastRound } from '../../../lib/app/state/last-round.ts';
import { superviseWatch } from '../../../lib/app/watch/supervise-watch.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const minuteMs = 60_000;
const host = 'gitlab.mail.corp.internal';

const desk = async (port = 25, address = '10.0.4.12') => {
  const worker = workerUnderTest();
  const definition = {
    hostname: hostnameOf(host),
    targets: { kind: 'addresses', addresses: [address] },
    port,
    sslMode: 'Auto',
    ttlSeconds: 60,
  } as const;
  const item = directoryItem({ definition, changeId: '01J', userId: 'U0MARIA', at: '2026-03-02T14:00:00.000Z' });
  await worker.ports.state.put(item, false, signal);
  const round = (more: { readonly due?: number; readonly shortRounds?: number } = {}) =>
    saveLastRound(worker.ports.state, { atMs: worker.clock.now(), durationMs: 1, endpoints: 1, ...more }, signal);
  await round();
  /** What the three of them say. */
  const said = async (): Promise<readonly string[]> => {
    await worker.say('status');
    const status = worker.lastReply();
    await worker.say('doctor');
    const doctor = worker.lastReply();
    await worker.work({ ...worker.message('whoami'), command: { verb: 'home' } });
    return [status, doctor, JSON.stringify(worker.messenger.homes.get('U0MARIA'))];
  };
  return { worker, round, said };
};

describe('what keeps watch from seeing is red in status, doctor and Home at once', () => {
  it.each([
    ['a port that the policy does not allow', 2526, '10.0.4.12'],
    ['an address outside its ranges', 25, '192.0.2.9'],
  ])('%s', async (_, port, address) => {
    const { said } = await desk(port, address);
    for (const text of await said())
      expect(text).toContain(
        `1 endpoint of 1 cannot be checked: the policy does not allow their port or address. ${host}`,
      );
  });

  it('a resolver that fails', async () => {
    const { worker, said } = await desk();
    const blind = { sinceMs: worker.clock.now(), cause: 'resolver' } as const;
    await saveHealth(worker.ports.state, host, { state: 'up', sinceMs: 0, recent: [], blind }, signal);
    for (const text of await said()) expect(text).toContain('1 endpoint of 1 cannot be checked: the resolver fails.');
  });

  it('a round that did less than it should', async () => {
    const { round, said } = await desk();
    await round({ due: 5, shortRounds: 1 });
    for (const text of await said())
      expect(text).toContain('The last round of watch checked 1 of 5 endpoints that were due');
  });

  it('a queue without progress, until the worker answers', async () => {
    const { worker, round, said } = await desk();
    await superviseWatch(worker.ports, signal);
    const [heartbeat] = worker.queued.splice(0);
    await worker.clock.advance(7 * minuteMs);
    await round();
    for (const text of await said()) expect(text).toContain('The queue has made no progress for 7 min');
    if (heartbeat === undefined) throw new Error('no heartbeat was sent');
    await worker.work(heartbeat);
    for (const text of await said()) expect(text).not.toContain('no progress');
  });

  it('and nothing else is', async () => {
    const { said } = await desk();
    for (const text of await said()) expect(text).not.toContain('cannot be checked');
  });
});

describe('an incident about watch itself', () => {
  const open = async (worker: Awaited<ReturnType<typeof desk>>['worker']) =>
    (await listIncidents(worker.ports.state, signal)).filter(({ closedAtMs }) => closedAtMs === undefined);

  it('is opened by the second short round, once, and closed by a full one', async () => {
    const { worker, round } = await desk();
    await round({ due: 5, shortRounds: 1 });
    await superviseWatch(worker.ports, signal);
    expect(await open(worker)).toEqual([]);
    await round({ due: 5, shortRounds: 2 });
    await superviseWatch(worker.ports, signal);
    await superviseWatch(worker.ports, signal);
    expect(await open(worker)).toMatchObject([{ cause: { kind: 'watch', what: 'rounds' }, severity: 'down' }]);
    await round();
    await superviseWatch(worker.ports, signal);
    expect(await open(worker)).toEqual([]);
  });

  it('is opened when the second heartbeat was not answered', async () => {
    const { worker } = await desk();
    const beat = async (): Promise<void> => {
      await superviseWatch(worker.ports, signal);
      await worker.clock.advance(5 * minuteMs);
    };
    await beat();
    await beat();
    expect(await open(worker)).toEqual([]);
    await beat();
    expect(await open(worker)).toMatchObject([{ cause: { kind: 'watch', what: 'queue' } }]);
    for (const message of worker.queued.splice(0)) await worker.work(message);
    await beat();
    expect(await open(worker)).toEqual([]);
  });
});

it('status and Home list the open incidents with their owner and age', async () => {
  const { worker, said } = await desk();
  const openedAtMs = worker.clock.now() - 90 * minuteMs;
  await saveIncident(worker.ports.state, sampleIncident({ hostname: host, openedAtMs }), signal);
  const [status = '', , home = ''] = await said();
  for (const text of [status, home]) {
    expect(text).toContain(`${host} is down`);
    expect(text).toContain('for 1 h 30 min · nobody is on it yet');
  }
  await worker.say(`acknowledge ${host}`);
  const [after = '', , homeAfter = ''] = await said();
  for (const text of [after, homeAfter]) expect(text).toContain('for 1 h 30 min · 👀 <@U0MARIA> has been on it since');
});
