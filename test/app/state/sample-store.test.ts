import { describe, expect, it } from 'vitest';
import type { StateItem, StateStore } from '../../../lib/app/ports/state-store.ts';
import { readSamples, recordSamples } from '../../../lib/app/state/sample-store.ts';
import { bucketOf } from '../../../lib/core/watch/health/samples.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';

const signal = new AbortController().signal;
const at = (iso: string): number => Date.parse(`${iso}:00Z`);
const host = 'gitlab.mail.corp.internal';
const dayMs = 86_400_000;

/** A state store that keeps what was put. */
const storeUnderTest = () => {
  const clock = createManualClock();
  const inner = createMemoryStateStore(clock);
  const puts: StateItem[] = [];
  const state: StateStore = {
    ...inner,
    put: (item, onlyIfAbsent, within) => {
      puts.push(item);
      return inner.put(item, onlyIfAbsent, within);
    },
  };
  return { clock, state, puts };
};

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `h${index}.mail.corp.internal`);

describe('recorded samples', () => {
  it('are read back in order, over hours and days, of one hostname alone', async () => {
    const { state } = storeUnderTest();
    const times = ['2026-03-02T00:05', '2026-03-01T23:55', '2026-03-02T14:00'].map(at);
    for (const atMs of times)
      await recordSamples(state, [{ hostname: host, atMs, state: 'up', latencyMs: 30 }], signal);
    await recordSamples(
      state,
      [{ hostname: 'other.corp.internal', atMs: at('2026-03-02T00:06'), state: 'down' }],
      signal,
    );
    const read = await readSamples(state, host, at('2026-02-25T00:00'), at('2026-03-03T00:00'), signal);
    expect(read).toEqual(times.toSorted().map((atMs) => ({ atMs, state: 'up', latencyMs: 30 })));
  });

  it('are read from the first moment to before the last', async () => {
    const { state } = storeUnderTest();
    const times = ['14:00', '14:05', '14:10'].map((time) => at(`2026-03-02T${time}`));
    await recordSamples(
      state,
      times.map((atMs) => ({ hostname: host, atMs, state: 'up' })),
      signal,
    );
    const read = await readSamples(state, host, at('2026-03-02T14:00'), at('2026-03-02T14:10'), signal);
    expect(read.map(({ atMs }) => atMs)).toEqual(times.slice(0, 2));
  });

  it('recorded twice they count once, and cost no second write', async () => {
    const { state, puts } = storeUnderTest();
    const round = names(200).map(
      (hostname) => ({ hostname, atMs: at('2026-03-02T14:05'), state: 'up', latencyMs: 30 }) as const,
    );
    await recordSamples(state, round, signal);
    const written = puts.length;
    await recordSamples(state, round, signal);
    expect(puts).toHaveLength(written);
    expect(
      await readSamples(state, 'h7.mail.corp.internal', at('2026-03-02T00:00'), at('2026-03-03T00:00'), signal),
    ).toHaveLength(1);
  });

  it('a later run of a round, or a late sample of an hour before, takes nothing away', async () => {
    const { state } = storeUnderTest();
    for (const time of ['14:05', '14:10', '14:06', '14:01']) {
      await recordSamples(state, [{ hostname: host, atMs: at(`2026-03-02T${time}`), state: 'up' }], signal);
    }
    const read = await readSamples(state, host, at('2026-03-02T00:00'), at('2026-03-03T00:00'), signal);
    expect(read.map(({ atMs }) => new Date(atMs).toISOString().slice(11, 16))).toEqual([
      '14:01',
      '14:05',
      '14:06',
      '14:10',
    ]);
  });

  it('a round of 10,000 endpoints writes at most 64 items, each far below 400 KB when the hour is over', async () => {
    const { state, puts } = storeUnderTest();
    const all = names(10_000);
    for (let minute = 0; minute < 60; minute += 20) {
      const before = puts.length;
      const atMs = at('2026-03-02T14:00') + minute * 60_000;
      await recordSamples(
        state,
        all.map((hostname) => ({ hostname, atMs, state: 'up', latencyMs: 1234 })),
        signal,
      );
      expect(puts.length - before).toBeLessThanOrEqual(64);
    }
    expect(Math.max(...puts.map(({ value }) => JSON.stringify(value).length))).toBeLessThan(30_000);
  });

  it('more hostnames than fit one item go into a further one, where they stay', async () => {
    const { state, puts } = storeUnderTest();
    const label = 'a'.repeat(60);
    const many = Array.from(
      { length: 70_000 },
      (_, index) => `h${index}.${label}.${label}.${label}.corp.internal`,
    ).filter((hostname) => bucketOf(hostname) === '00');
    const record = (hostnames: readonly string[], minutes: readonly number[]) => {
      const atMs = minutes.map((minute) => at('2026-03-02T14:00') + minute * 60_000);
      const samples = hostnames.flatMap((hostname) =>
        atMs.map((time) => ({ hostname, atMs: time, state: 'down', latencyMs: 99_999 }) as const),
      );
      return recordSamples(state, samples, signal);
    };
    const hostnamesIn = (items: readonly StateItem[]) =>
      items.map(({ key, value }) => [key, Object.keys(Object(value)).length]);
    await record(many, [0]);
    expect(puts.map(({ key }) => key)).toEqual(['2026-03-02T14', '2026-03-02T14.1', '2026-03-02T14.2']);
    expect(hostnamesIn(puts).reduce((sum, [, count]) => sum + Number(count), 0)).toBe(many.length);
    const first = puts.splice(0);
    // In another order, as a round would have it whose jitter differs, and until the hour is full.
    await record(
      many.toReversed(),
      Array.from({ length: 60 }, (_, minute) => minute),
    );
    expect(hostnamesIn(puts)).toEqual(hostnamesIn(first));
    expect(Math.max(...puts.map(({ value }) => JSON.stringify(value).length))).toBeLessThan(380_000);
    for (const hostname of [many[0] ?? '', many.at(-1) ?? '']) {
      expect(await readSamples(state, hostname, at('2026-03-02T14:00'), at('2026-03-02T15:00'), signal)).toHaveLength(
        60,
      );
    }
  });

  it('are kept for eight days from their hour on', async () => {
    const { state, puts, clock } = storeUnderTest();
    await recordSamples(state, [{ hostname: host, atMs: clock.now(), state: 'up' }], signal);
    expect(puts[0]?.expiresAt).toBe(at('2026-03-10T14:00') / 1000);
    const read = () => readSamples(state, host, clock.now() - 10 * dayMs, clock.now() + 1, signal);
    await clock.advance(7.9 * dayMs);
    expect(await read()).toHaveLength(1);
    await clock.advance(0.1 * dayMs);
    expect(await read()).toHaveLength(0);
  });

  it('an item that cannot be read counts as empty', async () => {
    const { state } = storeUnderTest();
    await state.put(
      { collection: `samples/2026-03-02/${bucketOf(host)}`, key: '2026-03-02T14', value: [1] },
      false,
      signal,
    );
    await recordSamples(state, [{ hostname: host, atMs: at('2026-03-02T14:05'), state: 'up' }], signal);
    expect(await readSamples(state, host, at('2026-03-02T14:00'), at('2026-03-02T15:00'), signal)).toHaveLength(1);
  });
});
