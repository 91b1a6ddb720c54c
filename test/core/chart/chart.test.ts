import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { chartAssets, resvgRenderer } from '../../../lib/adapters/resvg-renderer.ts';
import { chartSize, chartSvg, chartTimes } from '../../../lib/core/chart/chart.ts';
import { endpointStates } from '../../../lib/core/watch/health/observation.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';
import { nowMs, sampleWeek } from './sample-days.ts';
import { type PlacedText, textsOf } from './texts.ts';

const minuteMs = 60_000;
const host = 'gitlab.mail.corp.internal';
const longest = `${'m'.repeat(63)}.${'w'.repeat(63)}.${'a'.repeat(63)}.${'x'.repeat(47)}.corp.internal`;

/** A week in which a state holds for so many hours each, one after the other. */
const week = (everyHours: number, latencyMs: (index: number) => number): Sample[] =>
  Array.from({ length: 2016 }, (_, index) => ({
    atMs: nowMs - (2016 - index) * 5 * minuteMs,
    state: endpointStates[Math.floor((index * 5) / 60 / everyHours) % endpointStates.length] ?? 'up',
    latencyMs: latencyMs(index),
  })).filter(({ atMs }) => (nowMs - atMs) % (24 * 60 * minuteMs) > 20 * minuteMs);

const pictures: readonly (readonly [name: string, hostname: string, samples: readonly Sample[]])[] = [
  ['a plausible week', host, sampleWeek()],
  ['the longest hostname', longest, sampleWeek()],
  ['a hostname of one letter', 'a', sampleWeek()],
  ['every state, and latencies of more than a minute', longest, week(3, () => 88_888)],
  ['latencies that differ much', host, week(30, (index) => (index % 7 === 0 ? 99_999 : index % 97))],
  ['one look', host, [{ atMs: nowMs - minuteMs, state: 'up', latencyMs: 0 }]],
  ['nothing but down', host, [{ atMs: nowMs - minuteMs, state: 'down' }]],
  ['no look at all', host, []],
];

const meet = (one: PlacedText, other: PlacedText): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

describe('the chart', () => {
  let fontBuffers: readonly Uint8Array[] = [];
  beforeAll(async () => {
    await resvgRenderer.png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
    const files = [chartAssets['DejaVuSansCondensed.ttf'], chartAssets['DejaVuSansMono-Bold.ttf']];
    fontBuffers = await Promise.all(files.map((file) => readFile(new URL(file()))));
  });

  describe.each(pictures)('of %s', (_, hostname, samples) => {
    it('keeps every text on its card, 8 from the edge', () => {
      for (const { words, left, right, top, bottom } of textsOf(chartSvg(hostname, samples, nowMs), fontBuffers)) {
        expect(left, words).toBeGreaterThanOrEqual(8);
        expect(right, words).toBeLessThanOrEqual(chartSize.width - 8);
        expect(top, words).toBeGreaterThanOrEqual(8);
        expect(bottom, words).toBeLessThanOrEqual(chartSize.height - 8);
      }
    });

    it('lays no text over another', () => {
      const texts = textsOf(chartSvg(hostname, samples, nowMs), fontBuffers);
      const clashes = texts.flatMap((one, index) =>
        texts
          .slice(index + 1)
          .filter((other) => meet(one, other))
          .map(({ words }) => [one.words, words]),
      );
      expect(clashes).toEqual([]);
    });
  });

  it('lays no text over another at whatever hour', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const texts = textsOf(chartSvg(host, sampleWeek(), nowMs + hour * 60 * minuteMs), fontBuffers);
      const clashes = texts.filter((one, index) => texts.slice(index + 1).some((other) => meet(one, other)));
      expect(clashes, `hour ${hour}`).toEqual([]);
    }
  });

  it('says times in UTC, both stretches, how available it was, and what is usual', () => {
    const svg = chartSvg(host, sampleWeek(), nowMs);
    for (const words of [
      'Last day',
      'Last week',
      'UTC',
      'until Sun 22 14:35 UTC',
      'up 91.9 % of 260 checks',
      'p50 31 ms',
      'p95 89 ms',
      '2.3 s',
      '16:00',
      'Mon 16',
    ]) {
      expect(svg).toContain(words);
    }
  });

  it('names in its legend the states that occur, and no others', () => {
    const svg = chartSvg(host, [{ atMs: nowMs - minuteMs, state: 'plaintext', latencyMs: 5 }], nowMs);
    expect(svg).toContain('>plaintext<');
    expect(svg).toContain('>not measured<');
    expect(svg).not.toContain('>down<');
  });

  it('escapes the name', () => {
    expect(chartSvg('<&">', [], nowMs)).toContain('&lt;&amp;&quot;&gt;');
  });

  it('of the same looks is the same within five minutes', () => {
    const { untilMs } = chartTimes(nowMs);
    expect(chartSvg(host, sampleWeek(), untilMs - 1)).toBe(chartSvg(host, sampleWeek(), untilMs - 5 * minuteMs));
    expect(chartSvg(host, sampleWeek(), untilMs)).not.toBe(chartSvg(host, sampleWeek(), untilMs - 1));
  });

  it('breaks its line where nobody looked', () => {
    const lines = (samples: readonly Sample[]) =>
      chartSvg(host, samples, nowMs).match(/fill="none" stroke-width="1.8"/g)?.length;
    const looks = Array.from(
      { length: 12 },
      (_, index): Sample => ({ atMs: nowMs - (60 - 5 * index) * minuteMs, state: 'up', latencyMs: 20 }),
    );
    expect(lines(looks)).toBe(2);
    expect(lines(looks.filter((_, index) => index < 3 || index > 8))).toBe(3);
  });
});
