import type { Sample } from '../watch/health/samples.ts';
import { type Panel, panel, panelHeight } from './panel.ts';
import { type Statistics, statisticsOf } from './statistics.ts';
import { element, text } from './svg.ts';
import { colours, fonts, inOrder, labelOf, patterns, statePiece } from './theme.ts';
import { dayOfMonth, timeOfDay } from './words.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;

/** Size in the picture's own units; it is rendered at twice as many pixels. */
export const chartSize = { width: 600, height: 460 } as const;

const margin = 20;
const titleSize = { largest: 19, smallest: 12 } as const;
/** Advance of DejaVu Sans Mono, in parts of its size. */
const monoAdvance = 0.603;
const lettersAtMost = Math.floor((chartSize.width - 2 * margin) / (titleSize.smallest * monoAdvance));

/** The moments of a chart: until the end of the five minutes that have begun, so that the same looks make the same picture. */
export const chartTimes = (
  nowMs: number,
): { readonly dayMs: number; readonly weekMs: number; readonly untilMs: number } => {
  const untilMs = Math.ceil((nowMs + 1) / (5 * minuteMs)) * 5 * minuteMs;
  return { dayMs: untilMs - dayMs, weekMs: untilMs - weekMs, untilMs };
};

/** What a chart shows, counted: for its words. */
export const chartStatistics = (
  samples: readonly Sample[],
  nowMs: number,
): { readonly day: Statistics; readonly week: Statistics } => {
  const times = chartTimes(nowMs);
  return {
    day: statisticsOf(samples, times.dayMs, times.untilMs),
    week: statisticsOf(samples, times.weekMs, times.untilMs),
  };
};

const title = (hostname: string): string => {
  const half = Math.floor((lettersAtMost - 1) / 2);
  const shown = hostname.length <= lettersAtMost ? hostname : `${hostname.slice(0, half)}…${hostname.slice(-half)}`;
  const size = Math.min(titleSize.largest, (chartSize.width - 2 * margin) / (shown.length * monoAdvance));
  const font = { 'font-family': fonts.name, 'font-weight': 'bold', 'font-size': Math.floor(size * 10) / 10 };
  return text(shown, { x: margin, y: 36, fill: colours.text, ...font });
};

const every = (stepMs: number, fromMs: number, toMs: number, label: (atMs: number) => string): Panel['ticks'] => {
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  return Array.from({ length: Math.floor((toMs - first) / stepMs) + 1 }, (_, index) => first + index * stepMs).map(
    (atMs) => ({ atMs, label: label(atMs) }),
  );
};

const swatch = { width: 16, space: 5 } as const;
const legendGap = 16;

/** The states that occur in the week, in one row from edge to edge at most. */
const legend = (week: Statistics, bottom: number): string => {
  const states = inOrder(week.spans).map((state) => ({ state, ...labelOf(state) }));
  const taken = states.reduce((sum, { labelWidth }) => sum + swatch.width + swatch.space + labelWidth, 0);
  const gap = Math.min(legendGap, (chartSize.width - 2 * margin - taken) / Math.max(1, states.length - 1));
  let x = margin;
  return states
    .map(({ state, label, labelWidth }) => {
      const piece =
        statePiece(state, x, bottom, swatch.width) +
        text(label, { x: x + swatch.width + swatch.space, y: bottom - 2, fill: colours.text });
      x += swatch.width + swatch.space + labelWidth + gap;
      return piece;
    })
    .join('');
};

/** Draws state and latency of the last day and the last week as SVG. `samples` ascend. The same samples give the same text. */
export const chartSvg = (hostname: string, samples: readonly Sample[], nowMs: number): string => {
  const { width, height } = chartSize;
  const { day, week } = chartStatistics(samples, nowMs);
  const footer = `until ${dayOfMonth(day.toMs)} ${timeOfDay(day.toMs)} UTC · week: median of each hour, shaded up to its 90th percentile`;
  const dayTop = 54;
  const weekTop = dayTop + panelHeight + 12;
  const dayPanel: Panel = {
    title: 'Last day',
    samples,
    statistics: day,
    columnMs: 5 * minuteMs,
    ticks: every(4 * hourMs, day.fromMs, day.toMs, timeOfDay),
  };
  const weekPanel: Panel = {
    title: 'Last week',
    samples,
    statistics: week,
    columnMs: hourMs,
    ticks: every(dayMs, week.fromMs, week.toMs, dayOfMonth),
  };
  const card = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 12 };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, 'font-family': fonts.text, 'font-size': 14 },
    [
      patterns(),
      element('rect', { ...card, fill: colours.card, stroke: colours.edge }),
      title(hostname),
      panel(dayPanel, dayTop),
      panel(weekPanel, weekTop),
      legend(week, height - 41),
      text(footer, { x: margin, y: height - 16, fill: colours.faint, 'font-size': 13 }),
    ],
  );
};
