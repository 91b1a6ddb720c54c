import type { EndpointState } from '../watch/health/observation.ts';
import type { Sample } from '../watch/health/samples.ts';
import { axisTopMs } from './latency.ts';
import { percentile, samplesLastMs, statisticsOf } from './statistics.ts';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** As many as a line of code holds on a phone of 390 px. */
const cells = 24;

/** Marks in place of a latency, the worst first. */
const marks = [
  ['down', '✗'],
  ['plaintext', '!'],
  ['drifted', '≠'],
  ['degraded', '~'],
  ['inconclusive', '?'],
] as const satisfies readonly (readonly [EndpointState, string])[];
const nothing = '·';

/** One character for an hour of the last day: latency as a block, trouble as a mark. `key` says what the marks are that occur. */
export type Sparkline = { readonly text: string; readonly key: string };

/** The stretch from `fromMs` to `toMs` in 24 characters. `samples` ascend. */
export const sparkline = (samples: readonly Sample[], fromMs: number, toMs: number): Sparkline => {
  const topMs = axisTopMs(statisticsOf(samples, fromMs, toMs));
  const lastMs = samplesLastMs(samples);
  const cellMs = (toMs - fromMs) / cells;
  const cell = (_: unknown, index: number): string => {
    const [startMs, endMs] = [fromMs + index * cellMs, fromMs + (index + 1) * cellMs];
    const inside = samples.filter(({ atMs }) => atMs >= startMs && atMs < endMs);
    // Where looks are rare, the one before still holds.
    const looks =
      inside.length > 0 ? inside : samples.filter(({ atMs }) => atMs < startMs && atMs > startMs - lastMs).slice(-1);
    const mark = marks.find(([state]) => looks.some((look) => look.state === state))?.[1];
    if (mark !== undefined && (mark !== '?' || looks.every(({ state }) => state !== 'up'))) return mark;
    const latencies = looks.flatMap(({ latencyMs }) => latencyMs ?? []).toSorted((one, other) => one - other);
    const medianMs = percentile(latencies, 0.5);
    if (medianMs === undefined) return nothing;
    return blocks[Math.min(blocks.length - 1, Math.floor((medianMs / topMs) * blocks.length))] ?? nothing;
  };
  const text = Array.from({ length: cells }, cell).join('');
  const key = [...marks.map(([state, mark]) => [mark, state] as const), [nothing, 'not measured'] as const]
    .filter(([mark]) => text.includes(mark))
    .map(([mark, meaning]) => `${mark} ${meaning}`)
    .join(', ');
  return { text, key };
};
