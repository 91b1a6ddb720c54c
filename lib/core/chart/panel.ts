import type { Sample } from '../watch/health/samples.ts';
import { axisTopMs, type LatencyColumn, latencyRuns } from './latency.ts';
import type { Span, Statistics } from './statistics.ts';
import { element, text } from './svg.ts';
import { bandHeight, colourOf, colours, inOrder, statePiece } from './theme.ts';
import { availability, shownMs } from './words.ts';

/** One stretch of time to draw: its states as a band, its latency below. */
export type Panel = {
  readonly title: string;
  readonly samples: readonly Sample[];
  readonly statistics: Statistics;
  readonly columnMs: number;
  readonly ticks: readonly { readonly atMs: number; readonly label: string }[];
};

const left = 66;
const right = 500;
const headHeight = 24;
const plotTop = headHeight + bandHeight + 8;
const plotHeight = 86;
const plotBottom = plotTop + plotHeight;
/** Less could not be seen on a phone. */
const narrowest = 3;
const lineHeight = 17;

/** How high a panel is, its axis included. */
export const panelHeight = plotBottom + 22;

const smooth = { 'stroke-linejoin': 'round', 'stroke-linecap': 'round' } as const;

/** Moves apart what would overlap, as little as need be, from the bottom up. */
const apart = (wanted: readonly number[]): readonly number[] => {
  const placed: number[] = [];
  for (const y of wanted) placed.push(Math.min(y, (placed.at(-1) ?? Number.POSITIVE_INFINITY) - lineHeight));
  return placed;
};

/** Draws a panel whose top is at `top`. */
export const panel = ({ title, samples, statistics, columnMs, ticks }: Panel, top: number): string => {
  const { fromMs, toMs, spans, latency } = statistics;
  const topMs = axisTopMs(statistics);
  const x = (atMs: number): number => left + ((atMs - fromMs) / (toMs - fromMs)) * (right - left);
  const y = (ms: number): number => top + plotBottom - (Math.min(ms, topMs) / topMs) * plotHeight;
  const bottom = top + plotBottom;

  const head = [
    text(title, { x: 20, y: top + 15, fill: colours.text, 'font-size': 15 }),
    text(availability(statistics), { x: 108, y: top + 15, fill: colours.faint }),
    text('UTC', { x: right + 36, y: bottom + 19, fill: colours.faint }),
  ];

  const widthOf = (span: Span): number => Math.max(narrowest, x(span.toMs) - x(span.fromMs));
  const startOf = (span: Span): number => Math.min(x(span.fromMs), right - widthOf(span));
  const drawn = inOrder(spans).flatMap((state) => spans.filter((span) => span.state === state));
  const band = drawn.map((span) => statePiece(span.state, startOf(span), top + headHeight + bandHeight, widthOf(span)));
  const tinted = drawn.filter(({ state }) => state === 'down' || state === 'unmeasured');
  const tints = tinted.map((span) => {
    const box = { x: startOf(span), y: top + plotTop, width: widthOf(span), height: plotHeight };
    return element('rect', { ...box, fill: colourOf(span.state), 'fill-opacity': span.state === 'down' ? 0.32 : 0.09 });
  });

  const axis = [0, topMs / 2, topMs].flatMap((ms) => [
    element('path', { d: `M${left} ${y(ms)}H${right}`, stroke: colours.grid, 'stroke-width': 1 }),
    text(shownMs(ms), { x: left - 8, y: y(ms) + 5, fill: colours.faint, 'text-anchor': 'end' }),
  ]);
  const times = ticks.flatMap(({ atMs, label }) => [
    element('path', { d: `M${x(atMs)} ${bottom}v5`, stroke: colours.faint, 'stroke-width': 1 }),
    text(label, { x: x(atMs), y: bottom + 19, fill: colours.faint, 'text-anchor': 'middle' }),
  ]);

  const runs = latencyRuns(samples, fromMs, toMs, columnMs);
  const along = (run: readonly LatencyColumn[], value: (column: LatencyColumn) => number): string =>
    run.map((column) => `${x(column.atMs).toFixed(1)} ${y(value(column)).toFixed(1)}`).join('L');
  const curves = runs.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    const area = `M${x(first.atMs).toFixed(1)} ${bottom}L${along(run, ({ highMs }) => highMs)}V${bottom}Z`;
    // A line of no length is drawn as a dot, for its ends are round.
    const line = `M${along(run, ({ medianMs }) => medianMs)}${run.length === 1 ? 'h0.01' : ''}`;
    return [
      element('path', { d: area, fill: colours.line, 'fill-opacity': 0.28 }),
      element('path', { d: line, stroke: colours.line, fill: 'none', 'stroke-width': 1.8, ...smooth }),
    ];
  });
  const cutOff = runs.flat().filter(({ highMs }) => highMs > topMs);
  const arrows = cutOff.map(({ atMs }) =>
    element('path', { d: `M${x(atMs)} ${top + plotTop - 5}l4 7h-8Z`, fill: colours.high }),
  );

  const marked =
    latency === undefined
      ? []
      : [
          { name: 'p50', ms: latency.p50Ms, colour: colours.median },
          { name: 'p95', ms: latency.p95Ms, colour: colours.high },
          ...(cutOff.length === 0 ? [] : [{ name: '▲', ms: latency.maxMs, colour: colours.high }]),
        ];
  const places = apart(marked.map(({ ms }) => Math.min(y(ms) + 5, bottom + 2)));
  const lines = marked
    .filter(({ ms }) => ms <= topMs)
    .map(({ ms, colour }) =>
      element('path', {
        d: `M${left} ${y(ms)}H${right}`,
        stroke: colour,
        'stroke-width': 1,
        'stroke-dasharray': '2 4',
        'stroke-opacity': 0.8,
      }),
    );
  const labels = marked.map(({ name, ms, colour }, index) =>
    text(`${name} ${shownMs(ms)}`, { x: right + 8, y: places[index] ?? bottom, fill: colour }),
  );

  return [...head, ...band, ...tints, ...axis, ...times, ...curves, ...lines, ...arrows, ...labels].join('');
};
