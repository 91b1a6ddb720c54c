import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../../lib/app/ports/ledger.ts';
import { listDrifts } from '../../../lib/app/state/drift-store.ts';
import { driftSweep } from '../../../lib/app/watch/drift-sweep.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { exampleProfile } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const marker = `_postal-endpoint.${host}`;
const { signal } = new AbortController();
const minuteMs = 60_000;

/** A name that was added some time ago, and a zone in which anybody may meddle. */
const open = async () => {
  const worker = workerUnderTest({ policy: { confirm: { verbs: [] } } });
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.clock.advance(10 * minuteMs);
  let zone: readonly RecordSet[] = await worker.records(host);
  let listings = 0;
  let isBlind = false;
  const ends = new AbortController();
  const ports: WatchPorts = {
    ...worker.ports,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: { probeMany: async () => [] },
    zones: {
      list: async () => {
        listings += 1;
        return isBlind
          ? { ok: false, failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' } }
          : { ok: true, value: zone };
      },
    },
    profile: exampleProfile(),
    newToken: () => 'token',
  };
  const sweep = async () => {
    await driftSweep(ports, { atMs: worker.clock.now() + 110_000, signal });
    return new Map(
      [...(await listDrifts(worker.ports.state, signal))].map(([hostname, { finding }]) => [hostname, finding]),
    );
  };
  const sweepLater = async () => {
    await worker.clock.advance(31 * minuteMs);
    return sweep();
  };
  const meddle = (change: (sets: readonly RecordSet[]) => readonly RecordSet[]) => {
    zone = change(zone);
  };
  const blind = (is: boolean) => {
    isBlind = is;
  };
  return { worker, ports, ends, sweep, sweepLater, meddle, blind, listings: () => listings };
};

const withValue = (sets: readonly RecordSet[], value: string) =>
  sets.map((set) => (set.type === 'A' ? { ...set, values: [value] } : set));

describe('the comparison of zones with what is registered', () => {
  it('finds nothing where all is as it should be, and asks no more than every half hour', async () => {
    const { sweep, sweepLater, listings } = await open();
    expect(await sweep()).toEqual(new Map());
    await sweep();
    expect(listings()).toBe(1);
    await sweepLater();
    expect(listings()).toBe(2);
  });

  it.each<[string, string, (sets: readonly RecordSet[]) => readonly RecordSet[]]>([
    ['gone', 'drift-missing', () => []],
    ['changed', 'drift-changed', (sets) => withValue(sets, '10.0.4.99')],
    ['without its marker', 'drift-record-only', (sets) => sets.filter(({ name }) => name !== marker)],
    ['gone, its marker there', 'drift-marker-only', (sets) => sets.filter(({ name }) => name === marker)],
    [
      "another's",
      'drift-foreign',
      (sets) => sets.map((set) => (set.name === host ? { ...set, foreign: 'weighted' as const } : set)),
    ],
  ])('tells a record that is %s, with what would mend it, and mends nothing', async (_, code, change) => {
    const { worker, sweep, sweepLater, meddle } = await open();
    const before = await worker.records(host);
    meddle(change);
    expect((await sweep()).get(host)).toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
    expect(await worker.records(host)).toEqual(before);
    meddle(() => before);
    expect(await sweepLater()).toEqual(new Map());
  });

  it('tells a marker of ours for a name that is not registered', async () => {
    const { sweep, meddle } = await open();
    const other = 'other.mail.corp.internal';
    meddle((sets) => [...sets, ...sets.map((set) => ({ ...set, name: set.name.replace(host, other) }))]);
    expect([...(await sweep())]).toMatchObject([[other, { code: 'drift-leftover' }]]);
  });

  it('forgets at once what a change has put right', async () => {
    const { worker, sweep, meddle } = await open();
    meddle((sets) => withValue(sets, '10.0.4.99'));
    expect((await sweep()).get(host)).toMatchObject({ code: 'drift-changed' });
    await worker.say(`update ${host} 10.0.4.13`);
    expect(await listDrifts(worker.ports.state, signal)).toEqual(new Map());
  });

  it('forgets what had drifted of a name that is registered no more, or whose marker is gone', async () => {
    const { worker, sweep, sweepLater, meddle } = await open();
    const before = await worker.records(host);
    const other = 'other.mail.corp.internal';
    meddle((sets) => [
      ...withValue(sets, '10.0.4.99'),
      ...sets.map((set) => ({ ...set, name: set.name.replace(host, other) })),
    ]);
    expect([...(await sweep()).keys()].sort()).toEqual([host, other]);
    meddle(() => before);
    await worker.say(`remove ${host}`);
    expect(await worker.records(host)).toEqual([]);
    meddle(() => []);
    expect(await sweepLater()).toEqual(new Map());
  });

  it('leaves a name alone that was changed a moment ago: the listing may be older', async () => {
    const { worker, sweep, sweepLater } = await open();
    await worker.say(`update ${host} 10.0.4.13`);
    expect(await sweep()).toEqual(new Map());
    // What the listing shows is of the change before.
    expect((await sweepLater()).get(host)).toMatchObject({ code: 'drift-foreign' });
  });

  it('is no failure when its time is over, and lets the other zones go first', async () => {
    const { worker, ports, ends, sweep, listings, meddle } = await open();
    meddle((sets) => withValue(sets, '10.0.4.99'));
    const deadline = { atMs: worker.clock.now() + 110_000, signal: ends.signal };
    const read = async () => {
      ends.abort();
      throw new LedgerUnavailable('the time was over');
    };
    await driftSweep({ ...ports, ledger: { ...ports.ledger, read } }, deadline);
    expect(worker.logged.some((line) => line.includes('ran out of time'))).toBe(true);
    await sweep();
    expect(listings()).toBe(1);
    await worker.clock.advance(6 * minuteMs);
    expect((await sweep()).get(host)).toMatchObject({ code: 'drift-changed' });
  });

  it('begins nothing when there is no time for it, and does it in the next run', async () => {
    const { worker, ports, ends, sweep, listings } = await open();
    ends.abort();
    const get = async (_collection: string, _key: string, stop: AbortSignal) => {
      stop.throwIfAborted();
      return undefined;
    };
    await driftSweep({ ...ports, state: { ...ports.state, get } }, { atMs: worker.clock.now(), signal: ends.signal });
    expect(listings()).toBe(0);
    await sweep();
    expect(listings()).toBe(1);
  });

  it('fails where the ledger fails', async () => {
    const { worker, ports, meddle } = await open();
    meddle((sets) => withValue(sets, '10.0.4.99'));
    const read = () => Promise.reject(new LedgerUnavailable('no answer'));
    const swept = driftSweep(
      { ...ports, ledger: { ...ports.ledger, read } },
      { atMs: worker.clock.now() + 110_000, signal },
    );
    await expect(swept).rejects.toThrow('no answer');
  });

  it('judges nothing by a zone that it could not read, and comes back in some minutes', async () => {
    const { worker, sweep, blind, listings } = await open();
    blind(true);
    expect(await sweep()).toEqual(new Map());
    blind(false);
    await sweep();
    expect(listings()).toBe(1);
    await worker.clock.advance(6 * minuteMs);
    await sweep();
    expect(listings()).toBe(2);
  });
});
