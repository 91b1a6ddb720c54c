import { describe, expect, it } from 'vitest';
import { createProber } from '../../../lib/adapters/probe/prober.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { probePatiently } from '../../../lib/app/probe/probe-patiently.ts';
import { listIncidents } from '../../../lib/app/state/incident-store.ts';
import { look } from '../../../lib/app/watch/probe-round.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import type { PostalProfile } from '../../../lib/core/postal/profile.ts';
import type { ProbeRequest } from '../../../lib/core/probe-report/report.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startFullBacklog } from '../../support/oracle/full-backlog.ts';
import { profileFor } from '../../support/probe-request.ts';
import { address, failed, passed, report } from '../../support/sample-probe.ts';
import { addressRecord, startDns, zone } from '../../support/scripted-dns.ts';
import { closedPort, mailServer, type Script, startScript } from '../../support/smtp-script.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const loopback = '127.0.0.1';
const patience = { openTimeoutSeconds: 1, readTimeoutSeconds: 1 };

/** Watch over these names, all at one real server, through the real prober, which has less patience than Postal unless it is asked for more. */
const watching = async (names: readonly string[], port: number, timeouts: Partial<PostalProfile> = patience) => {
  const dns = await startDns(zone(names.map((name) => addressRecord(name, loopback))));
  const profile: PostalProfile = { ...profileFor(dns), dnsTimeoutSeconds: 5, ...timeouts };
  const worker = workerUnderTest();
  for (const name of names) await worker.say(`add ${name} 10.0.4.12`);
  const prober = createProber({ profile, clock: systemClock, connectBudgetMs: 300, replyBudgetMs: 100 });
  const asked: ProbeRequest[][] = [];
  const ports = {
    ...worker.ports,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: {
      probeMany: async (requests: readonly ProbeRequest[], end: AbortSignal) => {
        asked.push([...requests]);
        return Promise.all(requests.map((request) => prober.probe({ ...request, port }, end)));
      },
    },
    zones: { list: async () => ({ ok: true, value: [] }) as const },
    profile,
    newToken: () => 'token',
  };
  return {
    asked,
    look: async (budgetMs = 110_000) => {
      await worker.clock.advance(300_000);
      return look(ports, { atMs: worker.clock.now() + budgetMs, signal });
    },
    incidents: () => listIncidents(worker.ports.state, signal),
    [Symbol.asyncDispose]: () => dns[Symbol.asyncDispose](),
  };
};

const host = 'gitlab.mail.corp.internal';
const neverGreets: Script = () => {};
const greetsAfter =
  (delayMs: number): Script =>
  async (connection) => {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await mailServer()(connection);
  };

describe('a look at a server that hangs', () => {
  it('waits as long as Postal, and tells of it at the looks that the rules ask for', async () => {
    await using server = await startScript(neverGreets);
    await using watch = await watching([host], server.port);
    expect((await watch.look()).states).toEqual({ up: 1 });
    expect(await watch.incidents()).toEqual([]);
    expect((await watch.look()).states).toEqual({ down: 1 });
    expect(await watch.incidents()).toMatchObject([
      {
        cause: { kind: 'target', way: 'unreachable' },
        members: [{ hostname: host, state: 'down' }],
        sentence: expect.stringMatching(/^Postal will not get in: it will retry for about 31 h/),
      },
    ]);
    expect(watch.asked.map(([request]) => request?.patience)).toEqual([undefined, 'postal', undefined, 'postal']);
  });

  it('tells of a machine that answers no SYN', async () => {
    const port = await closedPort();
    await using _dead = await startFullBacklog(loopback, port);
    await using watch = await watching([host], port);
    await watch.look();
    await watch.look();
    expect(await watch.incidents()).toMatchObject([
      { members: [{ hostname: host, state: 'down' }], sentence: expect.stringMatching(/^Postal will not get in/) },
    ]);
  });

  it('tells of all names of one that hangs, although they cannot all have a session there', async () => {
    await using server = await startScript(neverGreets);
    const names = Array.from({ length: 60 }, (_, index) => `host-${index}.mail.corp.internal`);
    await using watch = await watching(names, server.port);
    await watch.look();
    await watch.look();
    const [incident, ...others] = await watch.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ cause: { kind: 'target' }, severity: 'down' });
    expect(incident?.members).toHaveLength(60);
    expect(server.connections).toBeLessThan(20);
  });

  it('has nothing to tell of one that greets late, but before Postal leaves', async () => {
    await using server = await startScript(greetsAfter(300));
    await using watch = await watching([host], server.port, { openTimeoutSeconds: 20, readTimeoutSeconds: 20 });
    for (let looks = 0; looks < 3; looks += 1) expect((await watch.look()).states).toEqual({ up: 1 });
    expect(await watch.incidents()).toEqual([]);
  });

  it('does not look again where too little time is left to wait as long as Postal', async () => {
    await using server = await startScript(neverGreets);
    await using watch = await watching([host], server.port);
    await watch.look(50_000);
    expect(watch.asked.map(([request]) => request?.patience)).toEqual([undefined]);
  });
});

describe('a run in which two thousand hang', () => {
  const runMs = 100_000;

  it('looks at each of them, waits for as many as there is time for, and ends in time', async () => {
    const clock = createManualClock();
    const startedMs = clock.now();
    const definitions = Array.from({ length: 2000 }, (_, index): Definition => {
      const addresses = [`10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`];
      return {
        hostname: hostnameOf(`host-${index}.corp.internal`),
        targets: { kind: 'addresses', addresses },
        port: 25,
        sslMode: 'Auto',
        ttlSeconds: 60,
      };
    });
    const hanging = (reason: 'slow' | 'timeout') => ({
      ok: true as const,
      report: report([address('10.0.0.1', [passed('connect'), failed('banner', reason)])]),
    });
    const prober = {
      probeMany: async (requests: readonly ProbeRequest[]) => {
        const isPatient = requests[0]?.patience === 'postal';
        await clock.sleep(isPatient ? 32_000 : 12_000, signal);
        return requests.map(() => hanging(isPatient ? 'timeout' : 'slow'));
      },
    };
    let endedMs: number | undefined;
    const aims = definitions.map((definition) => ({ definition }));
    const looking = probePatiently({ prober, clock }, aims, { atMs: startedMs + runMs, signal }).then((looked) => {
      endedMs = clock.now();
      return looked;
    });
    await clock.advance(2 * runMs);
    const looked = await looking;
    expect((endedMs ?? Number.POSITIVE_INFINITY) - startedMs).toBeLessThan(runMs);
    expect(looked.length).toBe(2000);
    expect(looked.filter(({ waitedMs }) => waitedMs !== undefined).length).toBe(800);
    expect(looked.every(({ atMs }) => atMs <= startedMs + 24_000)).toBe(true);
  });
});
