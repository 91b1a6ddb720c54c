import { describe, expect, it } from 'vitest';
import { chartTimes } from '../../../lib/core/chart/chart.ts';
import { sparkline } from '../../../lib/core/chart/sparkline.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';
import { nowMs, sampleWeek } from './sample-days.ts';

const { dayMs, untilMs } = chartTimes(nowMs);
const cellMs = (untilMs - dayMs) / 24;

/** One look in the middle of each hour. */
const day = (look: (cell: number) => Omit<Sample, 'atMs'> | undefined): Sample[] =>
  Array.from({ length: 24 }, (_, cell) => ({ cell, found: look(cell) })).flatMap(({ cell, found }) =>
    found === undefined ? [] : [{ ...found, atMs: dayMs + (cell + 0.5) * cellMs }],
  );

describe('the sparkline', () => {
  it('has one character for an hour, taller is slower', () => {
    const { text, key } = sparkline(
      day((cell) => ({ state: 'up', latencyMs: cell < 12 ? 5 : 100 })),
      dayMs,
      untilMs,
    );
    expect(text).toBe('▁'.repeat(12) + '█'.repeat(12));
    expect(key).toBe('');
  });

  it('marks trouble in place of latency, and says what the marks mean', () => {
    const states = ['down', 'plaintext', 'drifted', 'degraded', 'inconclusive'] as const;
    const { text, key } = sparkline(
      day((cell) => (cell >= 15 && cell < 20 ? undefined : { state: states[(cell - 5) / 2] ?? 'up', latencyMs: 5 })),
      dayMs,
      untilMs,
    );
    for (const [cell, mark] of [
      [5, '✗'],
      [7, '!'],
      [9, '≠'],
      [11, '~'],
      [13, '?'],
      [19, '·'],
    ] as const)
      expect(text[cell]).toBe(mark);
    expect(key).toBe('✗ down, ! plaintext, ≠ drifted, ~ degraded, ? inconclusive, · not measured');
  });

  it('shows a quarter of an hour that was down', () => {
    expect(sparkline(sampleWeek(), dayMs, untilMs).text).toMatch(/^[▁▂▃▄▅▆▇█~·?]{23}✗$/);
  });

  it('of nothing is empty cells', () => {
    expect(sparkline([], dayMs, untilMs).text).toBe('·'.repeat(24));
  });
});
