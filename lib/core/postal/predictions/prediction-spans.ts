import * as z from 'zod';
import { sslModes } from '../../endpoint/definition.ts';
import { comparisonLimits } from '../../limits/limits.ts';
import { predictedValues } from './predicted.ts';

const spanSchema = z.strictObject({
  predicted: z.enum(predictedValues),
  /** Of the definition that was probed. */
  port: z.int(),
  sslMode: z.enum(sslModes),
  /** Of the first probe that predicted this. */
  fromMs: z.int(),
  /** Of the last one; absent where that is the last probe of all. */
  untilMs: z.int().exactOptional(),
});
/** A time over which all probes of an endpoint predicted the same. Times are milliseconds since the epoch. */
export type PredictionSpan = z.infer<typeof spanSchema>;

/** Of one endpoint, ascending. */
export const predictionSpansSchema = z.array(spanSchema);

/** Postal writes a delivery down when its attempt is over: so long before that it may have connected. */
const attemptMs = 60_000;
/** How far Postal's clock may differ from ours. */
const clocksMs = 5_000;
/** Between two probes that are further apart than this, nothing is predicted. Time for two rounds that come late is in it. */
export const longestGapMs = (intervalSeconds: number): number => 2 * intervalSeconds * 1000 + 120_000;

/** When watch looked at an endpoint last, and how far apart its looks may be. */
export type Looked = { readonly lastLookMs: number | undefined; readonly gapMs: number };

const endOf = ({ fromMs, untilMs }: PredictionSpan, { lastLookMs = 0 }: Looked): number =>
  untilMs ?? Math.max(fromMs, lastLookMs);

/** The spans with one more probe; the same object where it says what the one before said. `looked`: before this probe. */
export const withProbe = (
  spans: readonly PredictionSpan[],
  probe: Omit<PredictionSpan, 'fromMs' | 'untilMs'> & { readonly atMs: number },
  looked: Looked,
): readonly PredictionSpan[] => {
  const { predicted, port, sslMode, atMs } = probe;
  const last = spans.at(-1);
  const next: PredictionSpan = { predicted, port, sslMode, fromMs: atMs };
  if (last === undefined) return [next];
  if (atMs <= last.fromMs) return spans;
  const untilMs = Math.min(endOf(last, looked), atMs);
  const isSame = last.predicted === predicted && last.port === port && last.sslMode === sslMode;
  if (isSame && last.untilMs === undefined && atMs - untilMs <= looked.gapMs) return spans;
  return [...spans.slice(0, -1), { ...last, untilMs }, next].slice(-comparisonLimits.spansPerEndpoint);
};

/**
 * What held when a delivery was attempted.
 *
 * | the probes around the attempt | answer |
 * | --- | --- |
 * | predicted the same | the span |
 * | did not predict the same | `changed` |
 * | are missing, or too far apart | `none` |
 * | the one after it may yet come | `wait` |
 */
export const predictionAt = (
  spans: readonly PredictionSpan[],
  deliveredAtMs: number,
  looked: Looked,
  nowMs: number,
): PredictionSpan | 'none' | 'changed' | 'wait' => {
  const [fromMs, toMs] = [deliveredAtMs - attemptMs, deliveredAtMs + clocksMs];
  const index = spans.findLastIndex((span) => span.fromMs <= fromMs);
  const span = spans[index];
  if (span === undefined) return 'none';
  const untilMs = endOf(span, looked);
  if (untilMs >= toMs) return span;
  const next = spans[index + 1];
  if (next === undefined) return nowMs - untilMs <= looked.gapMs ? 'wait' : 'none';
  return next.fromMs - untilMs <= looked.gapMs ? 'changed' : 'none';
};
