import type { EndpointState } from '../watch/health/observation.ts';
import type { Sample } from '../watch/health/samples.ts';

const minuteMs = 60_000;
const shortestGapMs = 12 * minuteMs;

const ascending = (one: number, other: number): number => one - other;

/** What held from one moment to another: a state, or that nobody looked. */
export type Span = { readonly fromMs: number; readonly toMs: number; readonly state: EndpointState | 'unmeasured' };

/** The value below or at which this share of the ascending values lies (nearest rank). */
export const percentile = (ascending: readonly number[], share: number): number | undefined =>
  ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];

/** How long a look counts: until well after the next one was due, judged by how far apart these looks are. */
export const samplesLastMs = (samples: readonly Sample[]): number => {
  const apart = samples.slice(1).map(({ atMs }, index) => atMs - (samples[index]?.atMs ?? atMs));
  return Math.max(shortestGapMs, 2.5 * (percentile(apart.toSorted(ascending), 0.5) ?? 0));
};

/** The states from `fromMs` to `toMs` without a hole: each look counts until the next, and where that is too long ago nobody looked. */
export const spansOf = (samples: readonly Sample[], fromMs: number, toMs: number): readonly Span[] => {
  const lastMs = samplesLastMs(samples);
  const spans: Span[] = [];
  const add = (state: Span['state'], untilMs: number): void => {
    const before = spans.at(-1);
    const startMs = before?.toMs ?? fromMs;
    const endMs = Math.min(untilMs, toMs);
    if (endMs <= startMs) return;
    if (before?.state === state) spans[spans.length - 1] = { ...before, toMs: endMs };
    else spans.push({ fromMs: startMs, toMs: endMs, state });
  };
  const [first] = samples;
  // The look before the first may just not have been read.
  if (first !== undefined && first.atMs - fromMs <= lastMs) add(first.state, first.atMs);
  for (const [index, { atMs, state }] of samples.entries()) {
    add('unmeasured', atMs);
    add(state, Math.min(atMs + lastMs, samples[index + 1]?.atMs ?? Number.POSITIVE_INFINITY));
  }
  add('unmeasured', toMs);
  return spans;
};

/** What can be counted in a stretch of time. Latencies are absent where none was measured. */
export type Statistics = {
  readonly fromMs: number;
  readonly toMs: number;
  /** Looks that said something: all but the inconclusive ones. */
  readonly checks: number;
  readonly inconclusive: number;
  readonly up: number;
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number } | undefined;
  readonly spans: readonly Span[];
};

/** Counts what lies from `fromMs` to before `toMs`; `samples` ascend and may reach beyond it. */
export const statisticsOf = (samples: readonly Sample[], fromMs: number, toMs: number): Statistics => {
  const inside = samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const inconclusive = inside.filter(({ state }) => state === 'inconclusive').length;
  const latencies = inside.flatMap(({ latencyMs }) => latencyMs ?? []).toSorted(ascending);
  const [p50Ms, p95Ms, maxMs] = [percentile(latencies, 0.5), percentile(latencies, 0.95), latencies.at(-1)];
  return {
    fromMs,
    toMs,
    checks: inside.length - inconclusive,
    inconclusive,
    up: inside.filter(({ state }) => state === 'up').length,
    latency: p50Ms === undefined || p95Ms === undefined || maxMs === undefined ? undefined : { p50Ms, p95Ms, maxMs },
    spans: spansOf(samples, fromMs, toMs),
  };
};
