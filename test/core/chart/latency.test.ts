import { describe, expect, it } from 'vitest';
import { axisTopMs, latencyRuns } from '../../../lib/core/chart/latency.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';

const minute = 60_000;

describe('the latency axis', () => {
  it.each([
    [{ p50Ms: 1, p95Ms: 2, maxMs: 3 }, 10],
    [{ p50Ms: 30, p95Ms: 45, maxMs: 55 }, 60],
    [{ p50Ms: 30, p95Ms: 45, maxMs: 2300 }, 100],
    [{ p50Ms: 30, p95Ms: 120, maxMs: 2300 }, 200],
    [{ p50Ms: 900, p95Ms: 30_000, maxMs: 30_000 }, 40_000],
    [{ p50Ms: 99_999, p95Ms: 99_999, maxMs: 99_999 }, 200_000],
    [{ p50Ms: 38, p95Ms: 38, maxMs: 38 }, 80],
  ])('of %j ends at %d ms', (latency, top) => {
    expect(axisTopMs({ latency })).toBe(top);
  });

  it('has an end where nothing was measured', () => {
    expect(axisTopMs({ latency: undefined })).toBe(10);
  });
});

describe('latency in columns', () => {
  const measured = (...minutes: readonly (readonly [minute: number, latencyMs?: number])[]): Sample[] =>
    minutes.map(([at, latencyMs]) => ({
      atMs: at * minute,
      state: 'up',
      ...(latencyMs === undefined ? {} : { latencyMs }),
    }));
  const runs = (samples: readonly Sample[], columnMinutes: number) =>
    latencyRuns(samples, 0, 120 * minute, columnMinutes * minute).map((run) =>
      run.map(({ medianMs, highMs }) => [medianMs, highMs]),
    );

  it('takes the median and what nine in ten stay below', () => {
    const samples = measured(...Array.from({ length: 20 }, (_, index) => [index, index + 1] as const));
    expect(runs(samples, 60)).toEqual([[[10, 18]]]);
  });

  it('breaks where nothing was measured, and where a look came to nothing', () => {
    const samples = measured([0, 1], [5, 2], [10], [15, 3], [20, 4], [60, 5], [65, 6]);
    expect(runs(samples, 5).map((run) => run.map(([median]) => median))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('leaves out what lies outside', () => {
    expect(latencyRuns(measured([0, 1], [5, 2], [10, 3]), 5 * minute, 10 * minute, 5 * minute)).toEqual([
      [{ atMs: 7.5 * minute, medianMs: 2, highMs: 2 }],
    ]);
  });
});
