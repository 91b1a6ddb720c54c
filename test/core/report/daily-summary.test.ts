import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplesLastMs } from '../../../lib/core/chart/statistics.ts';
import { type DailySummary, dailySummary, daysFrom } from '../../../lib/core/report/daily-summary.ts';
import { readSummaryText, summaryText } from '../../../lib/core/report/summary-text.ts';
import { type EndpointState, endpointStates } from '../../../lib/core/watch/health/observation.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';

const firstDay = '2026-03-01';
const startMs = Date.parse(`${firstDay}T00:00:00Z`);
const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const looks = 2;

const at = (minute: number, state: EndpointState): Sample => ({ atMs: startMs + minute * minuteMs, state });

/** Day by day, as watch does it: each day gets its own samples and those of the day before. */
const byDay = (samples: readonly Sample[], days: number): readonly (DailySummary | undefined)[] => {
  const summaries: (DailySummary | undefined)[] = [];
  for (let index = 0; index < days; index += 1) {
    const [fromMs, toMs] = [startMs + (index - 1) * dayMs, startMs + (index + 1) * dayMs];
    const near = samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    summaries.push(dailySummary(daysFrom(firstDay, index), near, summaries[index - 1], looks));
  }
  return summaries;
};

/** Minutes by state of a day, half minute by half minute: the last look within reach counts. */
const bruteMinutes = (samples: readonly Sample[], index: number): Readonly<Record<string, number>> => {
  const [fromMs, toMs] = [startMs + index * dayMs, startMs + (index + 1) * dayMs];
  const near = samples.filter(({ atMs }) => atMs >= fromMs - dayMs && atMs < toMs);
  const lastMs = samplesLastMs(near);
  const counts: Record<string, number> = Object.fromEntries(endpointStates.map((state) => [state, 0]));
  for (let atMs = fromMs; atMs < toMs; atMs += minuteMs / 2) {
    const held = near.findLast((sample) => sample.atMs <= atMs);
    // The look before the first of all may just not be known.
    const first = near[0] !== undefined && held === undefined && near[0].atMs - fromMs <= lastMs ? near[0] : undefined;
    const state = first?.state ?? (held !== undefined && atMs < held.atMs + lastMs ? held.state : undefined);
    if (state !== undefined) counts[state] = (counts[state] ?? 0) + 0.5;
  }
  return counts;
};

type Stretch = { readonly fromMs: number; readonly confirmedMs: number; readonly toMs: number | undefined };

/** Stretches of failing checks over all days at once. */
const bruteStretches = (samples: readonly Sample[]): readonly Stretch[] => {
  const said = samples.filter(({ state }) => state !== 'inconclusive');
  const isBad = (sample: Sample | undefined): boolean => sample?.state === 'down' || sample?.state === 'drifted';
  return said.flatMap((sample, index) => {
    const confirmed = said[index + looks - 1];
    const begins = isBad(sample) && !isBad(said[index - 1]);
    if (!begins || confirmed === undefined || !said.slice(index, index + looks).every(isBad)) return [];
    const end = said.slice(index).find((other) => !isBad(other));
    return [{ fromMs: sample.atMs, confirmedMs: confirmed.atMs, toMs: end?.atMs }];
  });
};

const history = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...endpointStates, 'up', 'down')), {
    minLength: 60,
    maxLength: 220,
  })
  .map((drawn) => {
    let minute = 0;
    return drawn.map(([gap, state]) => {
      minute += gap;
      return at(minute, state);
    });
  });

describe('a day', () => {
  it('has the minutes and incidents that a count by hand finds', () => {
    fc.assert(
      fc.property(history, (samples) => {
        const days = 4;
        const within = samples.filter(({ atMs }) => atMs < startMs + days * dayMs);
        const summaries = byDay(within, days);
        const stretches = bruteStretches(within);
        for (const [index, summary] of summaries.entries()) {
          const [fromMs, toMs] = [startMs + index * dayMs, startMs + (index + 1) * dayMs];
          const inDay = (ms: number | undefined): boolean => ms !== undefined && ms >= fromMs && ms < toMs;
          if (summary === undefined) {
            expect(within.some(({ atMs }) => inDay(atMs))).toBe(false);
            continue;
          }
          const counted = bruteMinutes(within, index);
          for (const state of endpointStates)
            expect(Math.abs(summary.minutes[state] - (counted[state] ?? 0))).toBeLessThanOrEqual(0.5);
          expect(summary.incidents).toBe(stretches.filter(({ confirmedMs }) => inDay(confirmedMs)).length);
          const ended = stretches.filter((stretch) => inDay(stretch.toMs));
          expect(summary.repaired).toBe(ended.length);
          const sum = ended.reduce((total, one) => total + ((one.toMs ?? 0) - one.fromMs) / minuteMs, 0);
          expect(summary.repairedMinutes).toBe(sum);
          const lengths = stretches
            .filter((one) => one.confirmedMs < toMs && (one.toMs ?? Infinity) >= fromMs)
            .map((one) => (Math.min(one.toMs ?? Infinity, toMs) - one.fromMs) / minuteMs);
          expect(summary.longestMinutes).toBe(Math.max(0, ...lengths));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is not there when nobody looked', () => {
    expect(dailySummary(firstDay, [at(-5, 'up')], undefined, looks)).toBeUndefined();
  });

  it('goes on with an incident of the day before', () => {
    const [first, second] = byDay([at(1_430, 'down'), at(1_435, 'down'), at(1_440, 'down'), at(1_450, 'up')], 2);
    expect(first).toMatchObject({ incidents: 1, longestMinutes: 10, repaired: 0 });
    expect(second).toMatchObject({ incidents: 0, longestMinutes: 20, repaired: 1, repairedMinutes: 20 });
  });

  it('is the same when it was stored and read', () => {
    fc.assert(
      fc.property(history, (samples) => {
        for (const summary of byDay(samples, 2))
          if (summary !== undefined) expect(readSummaryText(summaryText(summary))).toEqual(summary);
      }),
      { numRuns: 20 },
    );
    for (const text of ['', '1 2', 'x', '1 2 3 4 5 6 7 8 9 10 11', '-1 0 0 0 0 0 0 0 0 0'])
      expect(readSummaryText(text)).toBeUndefined();
  });
});
