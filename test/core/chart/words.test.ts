import { describe, expect, it } from 'vitest';
import { statisticsOf } from '../../../lib/core/chart/statistics.ts';
import { availability, dayOfMonth, daySentence, shownMs, weekSentence } from '../../../lib/core/chart/words.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';
import { nowMs, sampleWeek } from './sample-days.ts';

const minute = 60_000;
const hour = 60 * minute;
const end = Date.parse('2026-03-22T14:35:00Z');

/** A day of looks every five minutes; `troubles` from minute to minute before its end. */
const day = (...troubles: readonly (readonly [Sample['state'] | 'unmeasured', number, number])[]) => {
  const samples: Sample[] = [];
  for (let ago = 24 * 60; ago > 0; ago -= 5) {
    const state = troubles.find(([, from, to]) => ago <= from && ago > to)?.[0] ?? 'up';
    if (state !== 'unmeasured')
      samples.push(
        state === 'down' ? { atMs: end - ago * minute, state } : { atMs: end - ago * minute, state, latencyMs: 38 },
      );
  }
  return statisticsOf(samples, end - 24 * hour, end);
};

describe('the sentence of a day', () => {
  it.each([
    [day(), 'Last day: up 100 % of 288 checks; median 38 ms, p95 38 ms.'],
    [day(['down', 30, 15]), 'Last day: up 98.9 % of 288 checks, down 14:05–14:20 UTC; median 38 ms, p95 38 ms.'],
    [day(['down', 15, 0]), 'Last day: up 98.9 % of 288 checks, down since 14:20 UTC; median 38 ms, p95 38 ms.'],
    [day(['down', 1440, 0]), 'Last day: up 0 % of 288 checks, down all the time.'],
    [
      day(['unmeasured', 1440, 60]),
      'Last day: up 100 % of 12 checks, not measured until 13:35 UTC; median 38 ms, p95 38 ms.',
    ],
    [day(['inconclusive', 5, 0]), 'Last day: up 100 % of 287 checks, 1 inconclusive; median 38 ms, p95 38 ms.'],
    [
      day(['down', 30, 25], ['degraded', 60, 50], ['plaintext', 90, 85]),
      'Last day: up 98.6 % of 288 checks, down 14:05–14:10 UTC, plaintext 13:05–13:10 UTC, degraded 13:35–13:45 UTC; median 38 ms, p95 38 ms.',
    ],
    [
      day(['down', 30, 25], ['down', 60, 55], ['down', 90, 85], ['down', 120, 115], ['down', 150, 145]),
      'Last day: up 98.2 % of 288 checks, down 12:05–12:10, 12:35–12:40, 13:05–13:10 UTC and 2 more; median 38 ms, p95 38 ms.',
    ],
    [statisticsOf([], end - 24 * hour, end), 'Last day: no check that says anything, not measured all the time.'],
  ])('%# says %2$s', (statistics, sentence) => {
    expect(daySentence(statistics)).toBe(sentence);
  });
});

describe('the sentence of a week', () => {
  it('says how often and how long in all', () => {
    const week = statisticsOf(sampleWeek(), nowMs - 7 * 24 * hour, nowMs);
    expect(weekSentence(week)).toMatch(
      /^Last week: up \d\d\.\d % of \d+ checks, 3 inconclusive, down twice, 1 h 15 min in all, plaintext once, 10 h, .*; median \d+ ms, p95 \d+ ms\.$/,
    );
  });
});

describe('the sentence of a young week', () => {
  it('says since when, and calls no gap what came before', () => {
    const samples: Sample[] = [
      { atMs: end - 10 * minute, state: 'down' },
      { atMs: end - 5 * minute, state: 'up', latencyMs: 5 },
    ];
    expect(weekSentence(statisticsOf(samples, end - 7 * 24 * hour, end))).toBe(
      'Last week: up 50 % of 2 checks, down once, 5 min, not measured until Sun 22 14:25 UTC; median 5 ms, p95 5 ms.',
    );
  });

  it('of no looks is one gap', () => {
    expect(weekSentence(statisticsOf([], end - 7 * 24 * hour, end))).toBe(
      'Last week: no check that says anything, not measured once, 7 days.',
    );
  });
});

describe('numbers in words', () => {
  it.each([
    [0.4, '0 ms'],
    [38, '38 ms'],
    [999.6, '1 s'],
    [1240, '1.2 s'],
    [99_999, '100 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(shownMs(ms)).toBe(text);
  });

  it('calls only what is whole 100 %', () => {
    expect(availability({ ...day(), checks: 10_000, up: 9_999 })).toBe('up 99.9 % of 10000 checks');
  });

  it('names days in UTC', () => {
    expect(dayOfMonth(Date.parse('2026-03-22T23:59:59Z'))).toBe('Sun 22');
  });
});
