import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparisonLimits } from '../../../../lib/core/limits/limits.ts';
import { predictedValues } from '../../../../lib/core/postal/predictions/predicted.ts';
import {
  longestGapMs,
  type PredictionSpan,
  predictionAt,
  predictionSpansSchema,
  withProbe,
} from '../../../../lib/core/postal/predictions/prediction-spans.ts';

const minuteMs = 60_000;
const gapMs = longestGapMs(60);
const definition = { port: 25, sslMode: 'Auto' } as const;

const span = (predicted: PredictionSpan['predicted'], fromMinute: number, untilMinute?: number): PredictionSpan => ({
  predicted,
  ...definition,
  fromMs: fromMinute * minuteMs,
  ...(untilMinute === undefined ? {} : { untilMs: untilMinute * minuteMs }),
});
const looked = (minute: number | undefined) => ({
  lastLookMs: minute === undefined ? undefined : minute * minuteMs,
  gapMs,
});
const probe = (predicted: PredictionSpan['predicted'], minute: number) => ({
  predicted,
  ...definition,
  atMs: minute * minuteMs,
});

it('writes nothing while every probe predicts the same', () => {
  const spans = withProbe([], probe('encrypted', 0), looked(undefined));
  expect(spans).toEqual([span('encrypted', 0)]);
  expect(withProbe(spans, probe('encrypted', 3), looked(0))).toBe(spans);
});

it.each([
  ['another prediction', probe('not-in', 6), [span('encrypted', 0, 5), span('not-in', 6)]],
  [
    'another port',
    { ...probe('encrypted', 6), port: 2525 },
    [span('encrypted', 0, 5), { ...span('encrypted', 6), port: 2525 }],
  ],
  ['a time without probes', probe('encrypted', 20), [span('encrypted', 0, 5), span('encrypted', 20)]],
  ['a probe from before', probe('not-in', -1), [span('encrypted', 0)]],
])('begins a span, or does not, with %s', (_, next, expected) => {
  expect(withProbe([span('encrypted', 0)], next, looked(5))).toEqual(expected);
});

it('keeps as many spans as the limit says, the newest', () => {
  let spans: readonly PredictionSpan[] = [];
  for (let minute = 0; minute < 100; minute += 1)
    spans = withProbe(spans, probe(minute % 2 === 0 ? 'encrypted' : 'not-in', minute), looked(minute - 1));
  expect(spans).toHaveLength(comparisonLimits.spansPerEndpoint);
  expect(spans.at(-1)).toEqual(span('not-in', 99));
  expect(predictionSpansSchema.parse(JSON.parse(JSON.stringify(spans)))).toEqual(spans);
});

const spans = [span('encrypted', 0, 10), span('not-in', 11, 20), span('encrypted', 40)];
it.each([
  ['in the midst of a span', 5, 60, 'encrypted'],
  ['less than an attempt after the first probe', 0.5, 60, 'none'],
  ['before the first probe', -5, 60, 'none'],
  ['between two that do not agree', 10.5, 60, 'changed'],
  ['less than an attempt after a change', 11.5, 60, 'changed'],
  ['an attempt after a change', 12, 60, 'not-in'],
  ['where nobody probed', 30, 60, 'none'],
  ['before the last probe', 59, 60, 'encrypted'],
  ['after the last probe', 60.5, 60, 'wait'],
])('finds what held: %s', (_, minute, lastLook, expected) => {
  const found = predictionAt(spans, minute * minuteMs, looked(lastLook), (lastLook + 2) * minuteMs);
  expect(typeof found === 'string' ? found : found.predicted).toBe(expected);
});

it('waits for the next probe no longer than two probes may be apart', () => {
  const [deliveredAtMs, lastLook] = [60.5 * minuteMs, looked(60)];
  expect(predictionAt(spans, deliveredAtMs, lastLook, 60 * minuteMs + gapMs)).toBe('wait');
  expect(predictionAt(spans, deliveredAtMs, lastLook, 60 * minuteMs + gapMs + 1)).toBe('none');
});

it('says of a delivery what the probes around it say, whatever the probes', () => {
  const probes = fc.array(
    fc.record({
      afterSeconds: fc.integer({ min: 30, max: 400 }),
      predicted: fc.constantFrom(...predictedValues.slice(0, 3)),
    }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(probes, fc.integer({ min: -200, max: 6000 }), (steps, deliveredSecond) => {
      let atMs = 0;
      let kept: readonly PredictionSpan[] = [];
      const made: { atMs: number; predicted: string }[] = [];
      for (const { afterSeconds, predicted } of steps) {
        const lastLookMs = made.at(-1)?.atMs;
        atMs += afterSeconds * 1000;
        kept = withProbe(kept, { predicted, ...definition, atMs }, { lastLookMs, gapMs });
        made.push({ atMs, predicted });
      }
      const deliveredMs = deliveredSecond * 1000;
      const first = made.findLastIndex((each) => each.atMs <= deliveredMs - 60_000);
      const last = made.findIndex((each) => each.atMs >= deliveredMs + 5000);
      const around = made.slice(first, last + 1);
      const apart = around.slice(1).map((each, index) => each.atMs - (around[index]?.atMs ?? 0));
      const found = predictionAt(kept, deliveredMs, { lastLookMs: atMs, gapMs }, atMs);
      const value = typeof found === 'string' ? found : found.predicted;
      if (first < 0) expect(value).toBe('none');
      else if (last < 0) expect(['wait', 'none', 'changed']).toContain(value);
      else if (apart.every((ms) => ms <= gapMs) && around.every((each) => each.predicted === around[0]?.predicted))
        expect(value).toBe(around[0]?.predicted);
      else expect(['none', 'changed']).toContain(value);
    }),
    { numRuns: 2000 },
  );
});
