import type { Span } from './statistics.ts';
import { element } from './svg.ts';

// One picture for light and dark surroundings: it brings its own dark card, on which every colour here has a contrast of at least 3 to 1, text 4.5 to 1.

/** Colours of the card. */
export const colours = {
  card: '#1b2230',
  edge: '#3d4759',
  grid: '#323c4f',
  text: '#e8ecf3',
  faint: '#a9b4c6',
  line: '#7cc4ff',
  median: '#e8ecf3',
  high: '#ffd479',
} as const;

/** Fonts that `renderPng` brings along. */
export const fonts = { text: 'DejaVu Sans Condensed', name: 'DejaVu Sans Mono' } as const;

/** How a state looks: colour, pattern and height all tell it, so that no one of them is needed. */
type Look = {
  readonly colour: string;
  readonly height: number;
  readonly label: string;
  readonly labelWidth: number;
  readonly pattern: readonly string[];
};

/** Height of the band of states, which only `down` fills. */
export const bandHeight = 18;

const patternSize = 8;
const dark = { stroke: colours.card, fill: 'none' } as const;

const looks: Readonly<Record<Span['state'], Look>> = {
  up: { colour: '#35b892', height: 7, label: 'up', labelWidth: 16, pattern: [] },
  degraded: {
    colour: '#f2b134',
    height: 13,
    label: 'degraded',
    labelWidth: 61,
    pattern: [element('path', { d: 'M-2 6L6 -2M2 10L10 2', ...dark, 'stroke-width': 2 })],
  },
  plaintext: {
    colour: '#cf9bf0',
    height: 13,
    label: 'plaintext',
    labelWidth: 56,
    pattern: [element('circle', { cx: 4, cy: 4, r: 1.8, fill: colours.card })],
  },
  drifted: {
    colour: '#6db1f2',
    height: 13,
    label: 'drifted',
    labelWidth: 43,
    pattern: [element('path', { d: 'M4 0V8', ...dark, 'stroke-width': 2 })],
  },
  down: {
    colour: '#ff6459',
    height: bandHeight,
    label: 'down',
    labelWidth: 35,
    pattern: [element('path', { d: 'M0 0L8 8M8 0L0 8', ...dark, 'stroke-width': 1.4 })],
  },
  inconclusive: {
    colour: '#98a3b5',
    height: 7,
    label: 'inconclusive',
    labelWidth: 79,
    pattern: [element('path', { d: 'M0 4H8', ...dark, 'stroke-width': 2 })],
  },
  unmeasured: {
    colour: '#98a3b5',
    height: 2,
    label: 'not measured',
    labelWidth: 86,
    pattern: [element('path', { d: 'M6 0V8', ...dark, 'stroke-width': 4 })],
  },
};

const order = [
  'up',
  'inconclusive',
  'degraded',
  'drifted',
  'plaintext',
  'down',
  'unmeasured',
] as const satisfies readonly Span['state'][];

/** The patterns of all states, to stand once in a picture. */
export const patterns = (): string =>
  element(
    'defs',
    {},
    order.map((state) => {
      const { colour, pattern } = looks[state];
      const ground = element('rect', { width: patternSize, height: patternSize, fill: colour });
      return element(
        'pattern',
        { id: state, width: patternSize, height: patternSize, patternUnits: 'userSpaceOnUse' },
        [ground, ...pattern],
      );
    }),
  );

/** A piece of the band of states that stands on `bottom`. One that is too narrow for its pattern goes without. */
export const statePiece = (state: Span['state'], x: number, bottom: number, width: number): string => {
  const { height, colour } = looks[state];
  return element('rect', {
    x,
    y: bottom - height,
    width,
    height,
    fill: width < patternSize ? colour : `url(#${state})`,
  });
};

/** A state's plain colour. */
export const colourOf = (state: Span['state']): string => looks[state].colour;

/** A state's name as people read it, and how wide it is at 14. */
export const labelOf = (state: Span['state']): Pick<Look, 'label' | 'labelWidth'> => looks[state];

/** The states that occur, in the order in which they are drawn: what is worse covers what is better. */
export const inOrder = (spans: readonly Span[]): readonly Span['state'][] =>
  order.filter((state) => spans.some((span) => span.state === state));
