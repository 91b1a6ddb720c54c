import { describe, expect, it } from 'vitest';
import { recordSamples } from '../../../lib/app/state/sample-store.ts';
import { readSummaries, readSummaryProgress, saveSummaryProgress } from '../../../lib/app/state/summary-store.ts';
import { summariseDays } from '../../../lib/app/watch/summarise-days.ts';
import type { EndpointState } from '../../../lib/core/watch/health/observation.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';
import { watchRules } from '../../support/watched-fleet.ts';

const { signal } = new AbortController();
const minuteMs = 60_000;
const midnightMs = Date.parse('2026-03-02T00:00:00Z');
const runsADay = 4;

const start = () => {
  const clock = createManualClock('2026-03-03T00:14:00Z');
  const state = createMemoryStateStore(clock);
  const ports = { clock, state, rules: watchRules };
  return {
    clock,
    state,
    record: (hostname: string, letters: readonly (readonly [minute: number, state: EndpointState])[]) =>
      recordSamples(
        state,
        letters.map(([minute, seen]) => ({ hostname, atMs: midnightMs + minute * minuteMs, state: seen })),
        signal,
      ),
    /** So many runs of watch. */
    run: async (runs: number): Promise<void> => {
      for (let index = 0; index < runs; index += 1) await summariseDays(ports, signal);
    },
  };
};

const outage = [
  [0, 'up'],
  [5, 'down'],
  [10, 'down'],
  [15, 'up'],
] as const;

describe('summariseDays', () => {
  it('sums up a day when it is over, in a few runs', async () => {
    const { clock, state, record, run } = start();
    for (const name of ['a', 'b', 'c', 'd']) await record(`${name}.corp.internal`, outage);
    await run(7 * runsADay);
    expect((await readSummaries(state, '2026-03-02', signal)).size).toBe(0);
    await clock.advance(2 * minuteMs);
    await run(runsADay);
    const summaries = await readSummaries(state, '2026-03-02', signal);
    expect([...summaries.keys()].sort()).toEqual(['a', 'b', 'c', 'd'].map((name) => `${name}.corp.internal`));
    expect(summaries.get('a.corp.internal')).toMatchObject({
      minutes: { down: 10 },
      incidents: 1,
      longestMinutes: 10,
      repaired: 1,
      repairedMinutes: 10,
    });
    expect(await readSummaryProgress(state, signal)).toEqual({ day: '2026-03-03', bucket: 0 });
  });

  it('makes good the days that were left out, as far as there are samples', async () => {
    const { clock, state, record, run } = start();
    await record('a.corp.internal', outage);
    await saveSummaryProgress(state, { day: '2026-02-01', bucket: 3 }, signal);
    await clock.advance(3 * 24 * 60 * minuteMs);
    await run(6 * runsADay);
    expect((await readSummaries(state, '2026-03-02', signal)).get('a.corp.internal')?.incidents).toBe(1);
    expect((await readSummaryProgress(state, signal))?.day).toBe('2026-03-05');
  });

  it('changes nothing when what a run did was not noted', async () => {
    const { clock, state, record, run } = start();
    await record('a.corp.internal', outage);
    await clock.advance(2 * minuteMs);
    await run(7 * runsADay);
    const first = await readSummaries(state, '2026-03-02', signal);
    await saveSummaryProgress(state, { day: '2026-03-02', bucket: 0 }, signal);
    await run(runsADay);
    expect(first.size).toBe(1);
    expect(await readSummaries(state, '2026-03-02', signal)).toEqual(first);
  });

  it('keeps summaries for 13 months, in items that DynamoDB takes', async () => {
    const { clock, state, record, run } = start();
    const long = 'x'.repeat(60);
    for (let index = 0; index < 300; index += 1)
      await record(`${long}.${long}.${long}.h${index}.corp.internal`, [[0, 'up']]);
    await clock.advance(2 * minuteMs);
    await run(7 * runsADay);
    const items = (await state.list('summaries/2026-03-02', signal)) ?? [];
    expect((await readSummaries(state, '2026-03-02', signal)).size).toBe(300);
    for (const { expiresAt } of items) expect(expiresAt).toBe(Date.parse('2027-04-03T00:00:00Z') / 1000);
  });
});
