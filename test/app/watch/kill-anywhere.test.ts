import { describe, expect, it } from 'vitest';
import { listIncidents } from '../../../lib/app/state/incident-store.ts';
import { watch } from '../../../lib/app/watch/watch.ts';
import type { Cloud } from '../../support/cloud/cloud.ts';
import type { CrashPoint, Tally } from '../../support/cloud/crashing-ports.ts';
import { createMemoryCloud } from '../../support/cloud/memory-cloud.ts';
import { headsOf, playOutage, register, resultOf, watchPortsOf, workNow } from '../../support/cloud/outage.ts';
import { openSocketClouds } from '../../support/cloud/socket-cloud.ts';

const { signal } = new AbortController();
/** Down for six looks; what dies costs two of them at most, for its lease has to expire. */
const outage = { downFrom: 2, downTo: 8, minutes: 16 };

const tally = (point?: CrashPoint): Tally => ({ calls: [], point });

/** What is wrong with the end of an outage; nothing, when it was told once and its end as well. */
const complaints = async (cloud: Cloud): Promise<readonly string[]> => {
  const heads = headsOf(cloud);
  const open = (await listIncidents(cloud.ports.state, signal)).filter(({ closedAtMs }) => closedAtMs === undefined);
  return [
    ...(heads.length === 1 ? [] : [`${heads.length} alerts`]),
    ...heads.filter(({ text }) => !text.includes('Resolved')).map(({ text }) => `not told as over: ${text}`),
    ...open.map(({ id }) => `still open: ${id}`),
  ];
};

describe('an outage', () => {
  it('is one alert, which says at last that it is over', async () => {
    await using cloud = createMemoryCloud();
    await playOutage(cloud, outage, tally());
    expect(await complaints(cloud)).toEqual([]);
  });

  it.each(['before', 'after'] as const)('is one alert wherever watch or the worker dies, %s the call', async (when) => {
    const undisturbed = tally();
    await playOutage(createMemoryCloud(), outage, undisturbed);
    const wrong: unknown[] = [];
    for (const at of undisturbed.calls.keys()) {
      await using cloud = createMemoryCloud();
      await playOutage(cloud, outage, tally({ at, when }));
      const found = await complaints(cloud);
      if (found.length > 0) wrong.push({ call: undisturbed.calls[at], at, when, found });
    }
    expect(wrong).toEqual([]);
    const kinds = new Set(undisturbed.calls);
    for (const call of [
      'watch: prober probeMany',
      'watch: state put',
      'watch: SQS send',
      'Slack post',
      'Slack edit',
      'DynamoDB state put',
    ])
      expect(kinds).toContain(call);
  });

  it('is one alert where every run is two at once', async () => {
    await using cloud = createMemoryCloud();
    await playOutage(cloud, { ...outage, runsAMinute: 2 }, tally());
    expect(await complaints(cloud)).toEqual([]);
    expect(cloud.logged.some((line) => line.includes('another run of watch is at work'))).toBe(true);
  });

  it('is one alert where a run comes back after its time, when others have gone on without it', async () => {
    await using cloud = createMemoryCloud();
    await register(cloud);
    const ports = watchPortsOf(cloud, () => true);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const over = new AbortController();
    const held = {
      ...ports,
      prober: {
        probeMany: async (requests: Parameters<typeof ports.prober.probeMany>[0]) => {
          await released;
          return requests.map((request) => resultOf(request, false));
        },
      },
    };
    const late = watch(held, { atMs: cloud.clock.now() + 110_000, signal: over.signal }).catch(
      (error: unknown) => error,
    );
    await cloud.clock.advance(120_000);
    // Its signal goes by the real clock: a run cannot outlive its deadline, only hang in it.
    over.abort(new Error('the time of the run is over'));
    for (let run = 0; run < 4; run += 1) {
      await watch(ports, { atMs: cloud.clock.now() + 110_000, signal });
      await workNow(cloud, tally());
      await cloud.clock.advance(60_000);
    }
    release();
    expect(await late).toBeInstanceOf(Error);
    await watch(ports, { atMs: cloud.clock.now() + 110_000, signal });
    await workNow(cloud, tally());
    expect(headsOf(cloud)).toHaveLength(1);
    expect(headsOf(cloud)[0]?.text).toContain('is down');
  });

  it('is one alert over sockets too, though a run dies while it writes what it saw, and the worker right after it has posted', async () => {
    const undisturbed = tally();
    await playOutage(createMemoryCloud(), outage, undisturbed);
    await using clouds = await openSocketClouds();
    for (const call of ['watch: SQS send', 'Slack post']) {
      await using cloud = await clouds.open();
      await playOutage(cloud, outage, tally({ at: undisturbed.calls.indexOf(call), when: 'after' }));
      expect(await complaints(cloud)).toEqual([]);
    }
  });
});
