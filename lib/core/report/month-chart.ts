import { element, text } from '../chart/svg.ts';
import { colourOf, colours, fonts, labelOf, patterns } from '../chart/theme.ts';
import { monthText } from './month.ts';
import { knownMinutes, type ReportDay } from './month-report.ts';

/** Size in the picture's own units; it is rendered at twice as many pixels. */
const size = { width: 600, height: 300 } as const;
const margin = 20;
const plot = { left: 66, right: 580, top: 66, bottom: 222 } as const;

/** What is drawn of a day, from the bottom up. */
const drawn = ['down', 'drifted', 'plaintext', 'degraded'] as const;

/** Ends of the axis, as shares. */
const tops = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1] as const;
const lowestTop = 0.01;

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

const sharesOf = ({ minutes }: ReportDay): readonly number[] => {
  const known = Math.max(1, knownMinutes(minutes));
  return drawn.map((state) => minutes[state] / known);
};

/** Draws for each day of a month which share of the time was not simply up. The same report gives the same text. */
export const monthChartSvg = (
  month: string,
  days: readonly string[],
  measured: readonly ReportDay[],
  of: string,
): string => {
  const { width, height } = size;
  const known = new Map(measured.map((one) => [one.day, sharesOf(one)]));
  const highest = Math.max(
    lowestTop,
    ...[...known.values()].map((shares) => shares.reduce((sum, share) => sum + share, 0)),
  );
  const top = tops.find((share) => share >= highest - 1e-9) ?? 1;
  const step = (plot.right - plot.left) / days.length;
  const y = (share: number): number => plot.bottom - (Math.min(share, top) / top) * (plot.bottom - plot.top);
  /** What happened at all can be seen. */
  const rise = (share: number): number => (share === 0 ? 0 : Math.max(3, plot.bottom - y(share)));
  const axis = [0, top / 2, top].flatMap((share) => [
    element('path', { d: `M${plot.left} ${y(share)}H${plot.right}`, stroke: colours.grid, 'stroke-width': 1 }),
    text(percent(share), { x: plot.left - 8, y: y(share) + 5, fill: colours.faint, 'text-anchor': 'end' }),
  ]);
  const bars = days.flatMap((day, index) => {
    const x = plot.left + index * step + 1.5;
    const bar = { x, width: step - 3 };
    const shares = known.get(day);
    if (shares === undefined)
      return [element('rect', { ...bar, y: plot.bottom - 2, height: 2, fill: colourOf('unmeasured') })];
    let at: number = plot.bottom;
    const pieces = drawn.map((state, place) => {
      const height = rise(shares[place] ?? 0);
      at -= height;
      return height === 0 ? '' : element('rect', { ...bar, y: at, height, fill: `url(#${state})` });
    });
    return at === plot.bottom
      ? [element('rect', { ...bar, y: plot.bottom - 3, height: 3, fill: colourOf('up') })]
      : pieces;
  });
  const dates = days.flatMap((_, index) =>
    index % 5 === 0
      ? [
          text(String(index + 1), {
            x: plot.left + (index + 0.5) * step,
            y: plot.bottom + 19,
            fill: colours.faint,
            'text-anchor': 'middle',
          }),
        ]
      : [],
  );
  let x = margin;
  const legend = [...drawn, 'up' as const, 'unmeasured' as const].map((state) => {
    const { label, labelWidth } = labelOf(state);
    const fill = state === 'up' || state === 'unmeasured' ? colourOf(state) : `url(#${state})`;
    const piece =
      element('rect', { x, y: height - 39, width: 16, height: 11, fill }) +
      text(label, { x: x + 21, y: height - 28, fill: colours.text });
    x += 21 + labelWidth + 14;
    return piece;
  });
  const card = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 12 };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, 'font-family': fonts.text, 'font-size': 14 },
    [
      patterns(),
      element('rect', { ...card, fill: colours.card, stroke: colours.edge }),
      text(monthText(month), { x: margin, y: 34, fill: colours.text, 'font-size': 19, 'font-weight': 'bold' }),
      text(`${of} · share of each day's time, days in UTC`, { x: margin, y: 53, fill: colours.faint }),
      ...axis,
      ...bars,
      ...dates,
      ...legend,
    ],
  );
};
