import { describe, expect, it } from 'vitest';
import { percentile, samplesLastMs, spansOf, statisticsOf } from '../../../lib/core/chart/statistics.ts';
import type { EndpointState } from '../../../lib/core/watch/health/observation.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';

const minute = 60_000;

/** One look every five minutes from minute 0 on: `u` up, `d` down, `i` inconclusive, `.` none. */
const looks = (text: string, everyMinutes = 5): Sample[] => {
  const states: Readonly<Record<string, EndpointState>> = { u: 'up', d: 'down', i: 'inconclusive', g: 'degraded' };
  return [...text].flatMap((letter, index): Sample[] => {
    const state = states[letter];
    const atMs = index * everyMinutes * minute;
    return state === undefined ? [] : [state === 'up' ? { atMs, state, latencyMs: 10 * (index + 1) } : { atMs, state }];
  });
};

const inMinutes = (samples: readonly Sample[], from: number, to: number) =>
  spansOf(samples, from * minute, to * minute).map(({ state, fromMs, toMs }) => [
    state,
    fromMs / minute,
    toMs / minute,
  ]);

describe('percentiles', () => {
  it.each<[number[], number, number | undefined]>([
    [[], 0.5, undefined],
    [[7], 0.95, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0, 1],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
  ])('of %j at %d is %j', (ascending, share, expected) => {
    expect(percentile(ascending, share)).toBe(expected);
  });
});

describe('spans', () => {
  it('join looks of one state and end where the next begins', () => {
    expect(inMinutes(looks('uuddu'), 0, 25)).toEqual([
      ['up', 0, 10],
      ['down', 10, 20],
      ['up', 20, 25],
    ]);
  });

  it('cover the whole stretch: nobody looked before the first, in a gap, nor long after the last', () => {
    expect(inMinutes(looks('....uu....uu'), 0, 80)).toEqual([
      ['unmeasured', 0, 20],
      ['up', 20, 37.5],
      ['unmeasured', 37.5, 50],
      ['up', 50, 67.5],
      ['unmeasured', 67.5, 80],
    ]);
  });

  it('one look that was left out is no gap', () => {
    expect(inMinutes(looks('uu.uuu'), 0, 30)).toEqual([['up', 0, 30]]);
  });

  it('begin in the look that held when the stretch began', () => {
    expect(inMinutes(looks('uudd'), 12, 18)).toEqual([['down', 12, 18]]);
  });

  it('begin with the first look where the one before it would have held', () => {
    expect(inMinutes(looks('..uu'), 0, 20)).toEqual([['up', 0, 20]]);
    expect(inMinutes(looks('...uu'), 0, 25)[0]).toEqual(['unmeasured', 0, 15]);
  });

  it('of no looks is one: nobody looked', () => {
    expect(inMinutes([], 0, 10)).toEqual([['unmeasured', 0, 10]]);
  });

  it('follow the pace of an endpoint that is looked at every half hour', () => {
    expect(samplesLastMs(looks('uuuu', 30))).toBe(75 * minute);
    expect(inMinutes(looks('uuuu', 30), 0, 120)).toEqual([['up', 0, 120]]);
  });
});

describe('statistics', () => {
  it('count conclusive looks, those that were up, and latencies, inside the stretch alone', () => {
    const counted = statisticsOf(looks('uuuidduu'), 5 * minute, 35 * minute);
    expect(counted).toMatchObject({ checks: 5, inconclusive: 1, up: 3, latency: { p50Ms: 30, p95Ms: 70, maxMs: 70 } });
  });

  it('know of no latency where none was measured', () => {
    expect(statisticsOf(looks('dd'), 0, 10 * minute)).toMatchObject({ checks: 2, up: 0, latency: undefined });
  });
});
