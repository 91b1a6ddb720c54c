import { expect, it } from 'vitest';
import { readLastRound } from '../../../lib/app/state/last-round.ts';
import { watch } from '../../../lib/app/watch/watch.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import { exampleProfile } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();

/** A run that has so much time, where the zones cannot be asked at all. */
const run = async (timeMs: number) => {
  const worker = workerUnderTest();
  const ports: WatchPorts = {
    ...worker.ports,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: { probeMany: async () => [] },
    zones: { list: () => Promise.reject(new Error('the listing is broken')) },
    profile: exampleProfile(),
    newToken: () => 'token',
  };
  const watched = await watch(ports, { atMs: worker.clock.now() + timeMs, signal }).catch((error: unknown) => error);
  return { watched, lastRound: await readLastRound(worker.ports.state, signal) };
};

it('has done its round also where no time was left to compare zones', async () => {
  const { watched, lastRound } = await run(6_000);
  expect(watched).toMatchObject({ kind: 'watched' });
  expect(lastRound).toBeDefined();
});

it('has not done its round where a part of it failed', async () => {
  const { watched, lastRound } = await run(110_000);
  expect(watched).toMatchObject({ message: 'the listing is broken' });
  expect(lastRound).toBeUndefined();
});
