import { describe, expect, it } from 'vitest';
import { chartTimes } from '../../../lib/core/chart/chart.ts';
import { sparkline } from '../../../lib/core/chart/sparkline.ts';
import type { Sample } from '../../../lib/core/watch/samples.ts';
import { nowMs, sampleWeek } from './sample-days.ts';

const { dayMs, untilMs } = chartTimes(nowMs);
const cellMs = (untilMs - dayMs) / 48;

/** One look in the middle of each half hour. */
const day = (look: (cell: number) => Omit<Sample, 'atMs'> | undefined): Sample[] =>
  Array.from({ length: 48 }, (_, cell) => ({ cell, found: look(cell) })).flatMap(({ cell, found }) =>
    found === undefined ? [] : [{ ...found, atMs: dayMs + (cell + 0.5) * cellMs }],
  );

describe('the sparkline', () => {
  it('has one character for half an hour, the higher the slower', () => {
    const { text, key } = sparkline(
      day((cell) => ({ state: 'up', latencyMs: cell < 24 ? 5 : 100 })),
      dayMs,
      untilMs,
    );
    expect(text).toBe('▁'.repeat(24) + '█'.repeat(24));
    expect(key).toBe('');
  });

  it('marks trouble in place of latency, and says what the marks mean', () => {
    const states = ['down', 'plaintext', 'drifted', 'degraded', 'inconclusive'] as const;
    const { text, key } = sparkline(
      day((cell) => (cell >= 30 && cell < 34 ? undefined : { state: states[(cell - 10) / 4] ?? 'up', latencyMs: 5 })),
      dayMs,
      untilMs,
    );
    for (const [cell, mark] of [
      [10, '✗'],
      [14, '!'],
      [18, '≠'],
      [22, '~'],
      [26, '?'],
      [33, '·'],
    ] as const)
      expect(text[cell]).toBe(mark);
    expect(key).toBe('✗ down, ! plaintext, ≠ drifted, ~ degraded, ? inconclusive, · not measured');
  });

  it('shows a quarter of an hour that was down', () => {
    expect(sparkline(sampleWeek(), dayMs, untilMs).text).toMatch(/^[▁▂▃▄▅▆▇█~·?]{46}✗✗$/);
  });

  it('of nothing is empty cells', () => {
    expect(sparkline([], dayMs, untilMs).text).toBe('·'.repeat(48));
  });
});
