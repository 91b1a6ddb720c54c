import { expect, it } from 'vitest';
import { listIncidents } from '../../../lib/app/state/incident-store.ts';
import { look } from '../../../lib/app/watch/probe-round.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import type { ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { ownerChannels } from '../../../lib/core/watch/incident/owner-view.ts';
import { exampleProfile } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.mail.corp.internal';
const minuteMs = 60_000;

/** Watch over one registered endpoint; `meet` is what each look meets. */
const open = async (addLine: string) => {
  const worker = workerUnderTest();
  await worker.say(addLine);
  let answer: ProbeResult | undefined;
  let asked = 0;
  const ports: WatchPorts = {
    ...worker.ports,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: {
      probeMany: async (requests, ...rest) => {
        asked += requests.length;
        return answer === undefined
          ? worker.ports.batchProber.probeMany(requests, ...rest)
          : requests.flatMap(() => answer ?? []);
      },
    },
    zones: { list: async () => ({ ok: true, value: [] }) },
    profile: exampleProfile(),
    newToken: () => 'token',
  };
  const lookAfter = async (minutes: number) => {
    await worker.clock.advance(minutes * minuteMs);
    asked = 0;
    await look(ports, { atMs: worker.clock.now() + 110_000, signal });
    return asked;
  };
  const meet = (result: ProbeResult | undefined) => {
    answer = result;
  };
  return { worker, lookAfter, meet };
};

it('looks again in the next run where the prober was too busy', async () => {
  const { lookAfter, meet } = await open(`add ${host} 10.0.4.12`);
  meet({ ok: false, failure: { kind: 'busy', message: 'The prober is busy.' } });
  expect(await lookAfter(0)).toBe(1);
  meet(undefined);
  expect(await lookAfter(1)).toBe(1);
  expect(await lookAfter(1)).toBe(0);
});

const silent: ProbeResult = {
  ok: true,
  report: {
    requestId: 'r',
    hostname: host,
    port: 25,
    sslMode: 'Auto',
    startedAt: '2026-03-02T14:00:00.000Z',
    durationMs: 1,
    resolution: { answers: [], cnameChain: [], addresses: ['10.0.4.12'], postalAddresses: ['10.0.4.12'] },
    addresses: [
      {
        ip: '10.0.4.12',
        port: 25,
        stages: [{ stage: 'connect', status: 'failed', reason: 'refused', durationMs: 1 }],
        capabilities: [],
      },
    ],
  },
};

it.each([
  ['C0123ABCD', ['C0123ABCD']],
  ['GITLABOPS', []],
])('an incident of the owner %s is told in the on-call channel and in %s', async (owner, channels) => {
  const { worker, lookAfter, meet } = await open(`add ${host} 10.0.4.12 --owner ${owner}`);
  meet(silent);
  for (let looks = 0; looks < 4; looks += 1) await lookAfter(5);
  expect((await listIncidents(worker.ports.state, signal)).map((one) => ownerChannels(one, 'C0ONCALL'))).toEqual([
    channels,
  ]);
});
