import type { Sample } from '../watch/health/samples.ts';
import { percentile, type Statistics, samplesLastMs } from './statistics.ts';

/** What was measured in one column of a chart: half of it took no longer than the median, nine in ten no longer than the high value. */
export type LatencyColumn = { readonly atMs: number; readonly medianMs: number; readonly highMs: number };

/** Half of each is a round number too, for the tick in the middle. */
const steps = [1, 2, 4, 6, 8, 10] as const;
const lowestTopMs = 10;

/**
 * Where the latency axis ends: above the highest value, unless that stands far out; then above what is usual, and what is higher is cut off and marked.
 * The median is never in the upper half, so that steady does not look slow.
 */
export const axisTopMs = ({ latency }: Pick<Statistics, 'latency'>): number => {
  if (latency === undefined) return lowestTopMs;
  const { p50Ms, p95Ms, maxMs } = latency;
  const usual = Math.max(1.5 * p95Ms, 3 * p50Ms);
  const wanted = Math.max(lowestTopMs, 2 * p50Ms, Math.min(maxMs, usual));
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * (steps.find((step) => step * power >= wanted) ?? 10);
};

/** Latency by columns of `columnMs`, in runs that belong together: where nothing was measured, a line must break. */
export const latencyRuns = (
  samples: readonly Sample[],
  fromMs: number,
  toMs: number,
  columnMs: number,
): readonly (readonly LatencyColumn[])[] => {
  const breaksAfterMs = columnMs + samplesLastMs(samples);
  const runs: LatencyColumn[][] = [];
  let run: LatencyColumn[] = [];
  const end = (): void => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  const columns = Map.groupBy(
    samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
    ({ atMs }) => Math.floor((atMs - fromMs) / columnMs),
  );
  for (const [column, measured] of columns) {
    const latencies = measured.flatMap(({ latencyMs }) => latencyMs ?? []).toSorted((one, other) => one - other);
    const [medianMs, highMs] = [percentile(latencies, 0.5), percentile(latencies, 0.9)];
    const atMs = fromMs + (column + 0.5) * columnMs;
    if (atMs - (run.at(-1)?.atMs ?? atMs) > breaksAfterMs || medianMs === undefined || highMs === undefined) end();
    if (medianMs !== undefined && highMs !== undefined) run.push({ atMs, medianMs, highMs });
  }
  end();
  return runs;
};
