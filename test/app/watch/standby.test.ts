import { expect, it } from 'vitest';
import { look } from '../../../lib/app/watch/probe-round.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import { addressesStanding, healthyReport } from '../../support/memory-ports.ts';
import { refusing, report } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.mail.corp.internal';
const [primary, standby] = ['10.0.4.12', '10.0.4.18'];
const watchPolicy = { watch: { channel: 'C0ONCALL' } };

/** Watch over one name with a standby; the addresses in `dead` refuse connections. */
const open = async () => {
  const worker = workerUnderTest({ channels: ['C0AUDIT', 'C0OTHER', 'C0ONCALL'] });
  const { policy } = worker.ports;
  const dead = new Set<string>();
  worker.over.probe = (request) => {
    const ips = request.targets ?? addressesStanding(worker.zones, request.hostname);
    return ips.some((ip) => dead.has(ip))
      ? { ok: true, report: { ...healthyReport(request, ips), ...report(ips.map(refusing)) } }
      : { ok: true, report: healthyReport(request, ips) };
  };
  await worker.say(`add ${host} ${primary} --standby ${standby}`);
  const watching = { ...policy, watch: { ...policy.watch, ...watchPolicy.watch } };
  const ports: WatchPorts = {
    ...worker.ports,
    policy: watching,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: worker.ports.batchProber,
    zones: { list: async () => ({ ok: true, value: [] }) },
    newToken: () => 'token',
  };
  /** One look after an interval; how many times the standby was probed. */
  const looks = async (): Promise<number> => {
    await worker.clock.advance(300_000);
    worker.probes.length = 0;
    await look(ports, { atMs: worker.clock.now() + 110_000, signal });
    const asked = worker.probes.filter(({ targets }) => targets?.includes(standby) === true).length;
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
      await worker.work(next, 1, { policy: watching });
    return asked;
  };
  return { worker, dead, looks };
};

it('probes a standby at every tenth look, and at every look while the name fails', async () => {
  const { dead, looks } = await open();
  expect(await looks()).toBe(1);
  let calm = 0;
  for (let count = 0; count < 20; count += 1) calm += await looks();
  expect(calm).toBe(2);
  dead.add(primary);
  await looks();
  for (let count = 0; count < 5; count += 1) expect(await looks()).toBe(1);
});

it('shows a standby that is down in show, list and Home before it is needed', async () => {
  const { worker, dead, looks } = await open();
  dead.add(standby);
  await looks();
  await worker.say(`show ${host}`);
  expect(JSON.stringify(worker.messenger.replies)).toContain('Standby: `10.0.4.18`, ❌ down');
  await worker.say('list');
  expect(worker.lastReply()).toContain('10.0.4.12 (standby down)');
  await worker.work({ ...worker.message('status'), command: { verb: 'home' } });
  expect(JSON.stringify(worker.messenger.homes.get('U0MARIA'))).toContain(`The standby of ${host} is down`);
});

it('says in the alert whether failing over would help', async () => {
  const { worker, dead, looks } = await open();
  dead.add(primary);
  for (let count = 0; count < 3; count += 1) await looks();
  const [post] = worker.messenger.posts.filter(({ channelId }) => channelId === 'C0ONCALL');
  expect(JSON.stringify(post?.message)).toContain('*Failing over would help.* Standby `10.0.4.18`: ✅ up');
});

it('says that failing over would not help where both are down', async () => {
  const { worker, dead, looks } = await open();
  dead.add(primary).add(standby);
  for (let count = 0; count < 3; count += 1) await looks();
  const [post] = worker.messenger.posts.filter(({ channelId }) => channelId === 'C0ONCALL');
  expect(JSON.stringify(post?.message)).toContain('*Failing over would not help.* Standby `10.0.4.18`: ❌ down');
});
