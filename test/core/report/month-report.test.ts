import { expect, it } from 'vitest';
import type { DailySummary } from '../../../lib/core/report/daily-summary.ts';
import { dailySummary } from '../../../lib/core/report/daily-summary.ts';
import { availabilityOf, monthReport } from '../../../lib/core/report/month-report.ts';
import { hourOf, type Sample, samplesOfHour, withSamples } from '../../../lib/core/watch/health/samples.ts';
import { plainMemory } from '../../../scripts/simulate/play.ts';
import { jitterMs, rules, runDay } from '../../../scripts/simulate/run-day.ts';
import { dayMs, type Fault, midnightMs, type Truth } from '../../../scripts/simulate/truth.ts';

const minuteMs = 60_000;
const endpoints = 12;
const intervalMs = rules.intervalSeconds * 1000;
const day = new Date(midnightMs).toISOString().slice(0, 10);

/** The samples as they are stored and read again: to the minute. */
const stored = (samples: readonly Sample[]): readonly Sample[] =>
  [...Map.groupBy(samples, ({ atMs }) => hourOf(atMs))].flatMap(([hour, ofHour]) =>
    samplesOfHour(hour, withSamples(hour, '', ofHour)),
  );

/** Sights at which Postal does not get in. */
const outages = new Set(['refused', 'dropping', 'banner', 'nxdomain']);

/** What is true of an endpoint at a moment, were it not for what strikes all of them. */
const trueSight = (faults: readonly Fault[], { targets }: Truth['endpoints'][number], atMs: number): string => {
  const own = faults.filter(({ bad }) => bad.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs));
  const ofName = own.find(({ target }) => target === undefined);
  const dead = targets.filter((target) => own.some((fault) => fault.target === target));
  return (
    ofName?.sight ?? (own.length === 0 ? 'good' : dead.length === targets.length ? (own[0]?.sight ?? '') : 'degraded')
  );
};

type Stretch = { readonly fromMs: number; readonly toMs: number };

/** Less than the shortest fault lasts. */
const stepMs = 5_000;

/** When an endpoint truly was as `wanted`. */
const trueStretches = (truth: Truth, endpoint: Truth['endpoints'][number], wanted: (sight: string) => boolean) => {
  const faults = truth.faults.filter(({ hostnames }) => hostnames.includes(endpoint.hostname));
  const stretches: Stretch[] = [];
  for (let atMs = midnightMs; atMs < midnightMs + dayMs; atMs += stepMs) {
    if (!wanted(trueSight(faults, endpoint, atMs))) continue;
    const last = stretches.at(-1);
    if (last?.toMs === atMs) stretches[stretches.length - 1] = { fromMs: last.fromMs, toMs: atMs + stepMs };
    else stretches.push({ fromMs: atMs, toMs: atMs + stepMs });
  }
  return stretches;
};

const minutesOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / minuteMs, 0);

it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
  'a report of the simulated day %i has its truth',
  async (seed) => {
    const samples = new Map<string, Sample[]>();
    const { truth } = await runDay(seed, endpoints, {
      ...plainMemory(),
      record: async (observations) => {
        for (const { hostname, atMs, state } of observations)
          samples.set(hostname, [...(samples.get(hostname) ?? []), { atMs, state }]);
      },
    });
    const summaries = new Map<string, DailySummary>();
    for (const [hostname, ofName] of samples) {
      const summary = dailySummary(day, stored(ofName), undefined, rules.down.looks);
      if (summary !== undefined) summaries.set(hostname, summary);
    }
    const { rows } = monthReport(
      new Map([[day, summaries]]),
      truth.endpoints.map(({ hostname }) => hostname),
      new Map(),
    );
    expect(rows).toHaveLength(endpoints);
    let exact = 0;
    // The packet loss strikes most looks of everybody; a failing resolver or a wrong policy hides what is so.
    const lossMinutes = minutesOf(truth.masses.filter(({ kind }) => kind === 'loss'));
    const hiddenMinutes = minutesOf(truth.masses.filter(({ kind }) => kind !== 'loss'));
    const edgeMinutes = (intervalMs + jitterMs) / minuteMs + 1;
    for (const { hostname, minutes, incidents, longestMinutes, repaired, repairedMinutes } of rows) {
      const endpoint = truth.endpoints.find((one) => one.hostname === hostname);
      if (endpoint === undefined) throw new Error(`${hostname} is not in the truth`);
      const down = trueStretches(truth, endpoint, (sight) => outages.has(sight));
      const plaintext = trueStretches(truth, endpoint, (sight) => sight === 'plaintext');
      const measured = minutes.down + minutes.drifted;
      const [less, more] = [hiddenMinutes + 3 * edgeMinutes, lossMinutes + edgeMinutes];
      const atEdges = (stretches: readonly Stretch[]): number => stretches.length * edgeMinutes;
      expect(measured).toBeLessThanOrEqual(minutesOf(down) + atEdges(down) + more);
      expect(measured).toBeGreaterThanOrEqual(minutesOf(down) - atEdges(down) - less);
      expect(minutes.plaintext).toBeLessThanOrEqual(minutesOf(plaintext) + atEdges(plaintext));
      expect(minutes.plaintext).toBeGreaterThanOrEqual(minutesOf(plaintext) - atEdges(plaintext) - less - more);
      const sure = down.filter(({ fromMs, toMs }) => {
        const isClear = truth.masses.every(
          (mass) => toMs + intervalMs < mass.fromMs || fromMs > mass.toMs + intervalMs,
        );
        return toMs - fromMs >= rules.down.looks * intervalMs + minuteMs && isClear;
      });
      expect(incidents).toBeGreaterThanOrEqual(sure.length);
      // The packet loss may be one or two more, and may split what it strikes.
      expect(incidents).toBeLessThanOrEqual(down.length + 2);
      expect(repaired).toBe(incidents);
      const longest = minutesOf(
        sure.toSorted((one, other) => other.toMs - other.fromMs - one.toMs + one.fromMs).slice(0, 1),
      );
      expect(longestMinutes).toBeGreaterThanOrEqual(longest - edgeMinutes);
      if (down.length === sure.length && incidents === sure.length) {
        exact += 1;
        expect(Math.abs(longestMinutes - longest)).toBeLessThanOrEqual(edgeMinutes);
        expect(Math.abs(repairedMinutes - minutesOf(sure))).toBeLessThanOrEqual(edgeMinutes * sure.length);
      }
      const total = Object.values(minutes).reduce((sum, each) => sum + each, 0);
      expect(total).toBeLessThanOrEqual(dayMs / minuteMs + 3);
      expect(total).toBeGreaterThan(dayMs / minuteMs - 30);
      const availability = availabilityOf(minutes) ?? 0;
      expect(availability).toBeCloseTo(1 - measured / (total - minutes.inconclusive), 9);
    }
    // Of some hostnames, which nothing else strikes, every number is compared.
    expect(exact).toBeGreaterThan(0);
  },
);

it('puts the worst first, and does not take plaintext for down', () => {
  const summary = (more: Partial<DailySummary['minutes']>): DailySummary => ({
    minutes: { up: 1000, degraded: 0, plaintext: 0, drifted: 0, down: 0, inconclusive: 0, ...more },
    incidents: 0,
    longestMinutes: 0,
    repaired: 0,
    repairedMinutes: 0,
  });
  const ofDay = new Map([
    ['good', summary({})],
    ['bad', summary({ up: 900, down: 100 })],
    ['plain', summary({ up: 0, plaintext: 1000 })],
  ]);
  const { rows, days } = monthReport(
    new Map([
      ['2026-11-01', ofDay],
      ['2026-11-02', new Map()],
    ]),
    ['good', 'bad', 'plain', 'new'],
    new Map([['new', 2]]),
  );
  expect(rows.map(({ hostname, minutes, changes }) => [hostname, availabilityOf(minutes), changes])).toEqual([
    ['bad', 0.9, 0],
    ['plain', 1, 0],
    ['good', 1, 0],
    ['new', undefined, 2],
  ]);
  expect(days.map((one) => one.day)).toEqual(['2026-11-01']);
});
