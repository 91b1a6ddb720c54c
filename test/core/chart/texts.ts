import { Resvg } from '@resvg/resvg-wasm';
import { fonts } from '../../../lib/core/chart/theme.ts';

/** Where a line of text of a picture stands, in the picture's own units. */
export type PlacedText = {
  readonly words: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** Every text of an SVG with the place that it takes, as the renderer itself measures it. The renderer must have been loaded. */
export const textsOf = (svg: string, fontBuffers: readonly Uint8Array[]): readonly PlacedText[] => {
  const root = /^<svg[^>]*>/.exec(svg)?.[0] ?? '';
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([whole, words = '']) => {
    const box = new Resvg(`${root}${whole}</svg>`, {
      font: { fontBuffers: [...fontBuffers], defaultFontFamily: fonts.text },
    }).getBBox();
    if (box === undefined) throw new Error(`nothing is drawn of ${words}`);
    return { words, left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
  });
};
