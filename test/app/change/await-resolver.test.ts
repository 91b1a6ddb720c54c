import { expect, it } from 'vitest';
import { awaitResolver } from '../../../lib/app/change/await-resolver.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.mail.corp.internal';

/** An update to 10.0.4.13 of which the resolver knows nothing for so long, and says how long it remembers. What happens, in order. */
const waited = async (staleMs: number, rememberedSeconds: readonly number[]) => {
  const worker = workerUnderTest({ policy: { confirm: { verbs: [] } } });
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.say(`update ${host} 10.0.4.13`);
  const change = [...fold(await worker.ledger.read(host, signal)).changes.values()].at(-1);
  if (change === undefined) throw new Error('nothing was changed');
  const { clock } = worker;
  const began = clock.now();
  const happened: string[] = [];
  const remembered = [...rememberedSeconds];
  const ports = {
    prober: {
      probe: async (request: Parameters<typeof worker.ports.prober.probe>[0]) => {
        happened.push('asks');
        const address = clock.now() - began < staleMs ? '10.0.4.12' : '10.0.4.13';
        const report = healthyReport(request, [address]);
        const records = [{ name: host, type: 'A', ttlSeconds: remembered.shift() ?? 0, data: address }];
        const answers = report.resolution.answers.map((each) => ({ ...each, records }));
        return { ok: true, report: { ...report, resolution: { ...report.resolution, answers } } } as const;
      },
    },
    clock: {
      ...clock,
      sleep: async (milliseconds: number, stop: AbortSignal) => {
        await clock.sleep(milliseconds, stop);
        for (let turn = 0; turn < 50; turn += 1) await null;
        happened.push(`waited ${milliseconds} ms`);
      },
    },
  };
  await awaitResolver(ports, change, { atMs: began + 88_000, signal });
  return happened;
};

it('asks again when what the resolver remembers has run out, until it leads to the new target', async () => {
  expect(await waited(9_000, [4, 5])).toEqual(['asks', 'waited 4000 ms', 'asks', 'waited 5000 ms', 'asks']);
});

it('asks no longer than every resolver may remember, and not where the deadline comes before', async () => {
  const pauses = (await waited(3_600_000, [40, 30])).flatMap((each) =>
    each === 'asks' ? [] : [Number(each.split(' ')[1])],
  );
  expect(pauses.slice(0, 2)).toEqual([10_000, 10_000]);
  expect(pauses.reduce((sum, pause) => sum + pause)).toBe(60_000);
  expect(await waited(3_600_000, [75])).toEqual(['asks']);
});
