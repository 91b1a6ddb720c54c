import type { ImageBlock, KnownBlock } from '@slack/types';
import type { Sparkline } from '../../core/chart/sparkline.ts';
import type { Message } from '../message.ts';
import { code, context, escapeText, section } from './blocks.ts';

/** What happened to a chart's picture. */
export type Picture =
  | { readonly kind: 'uploaded'; readonly fileId: string }
  /** It goes into a message of its own. */
  | { readonly kind: 'coming' }
  /** `why` in few words. */
  | { readonly kind: 'failed'; readonly why: string };

/** What an endpoint's looks of the last week say: always in words, and as a picture where there is one. */
export type ChartView = {
  /** One sentence a stretch of time. */
  readonly sentences: readonly string[];
  readonly sparkline: Sparkline;
  readonly picture: Picture;
};

const image = (fileId: string, altText: string): ImageBlock => ({
  type: 'image',
  slack_file: { id: fileId },
  alt_text: altText,
});

const without = (why: string): KnownBlock => context(escapeText(`No picture this time: ${why}.`));

/** The picture of a message that says everything in words too. */
export const pictureBlock = (picture: Picture, altText: string): KnownBlock[] => {
  switch (picture.kind) {
    case 'uploaded':
      return [image(picture.fileId, altText)];
    case 'failed':
      return [without(picture.why)];
    case 'coming':
      return [];
  }
};

/** Sparkline and sentences, with the picture or the reason why there is none. Beside a picture the first sentence is enough: its alternative text has them all. */
export const chartBlocks = ({ sentences, sparkline, picture }: ChartView): KnownBlock[] => {
  const key = sparkline.key === '' ? '' : ` (${sparkline.key})`;
  const blocks = [
    section(
      [code(sparkline.text), ...(picture.kind === 'uploaded' ? sentences.slice(0, 1) : sentences).map(escapeText)].join(
        '\n',
      ),
    ),
    context(escapeText(`The last day, one character per hour, taller is slower${key}`)),
  ];
  return [...blocks, ...pictureBlock(picture, sentences.join(' '))];
};

/** The picture, or why there is none, in a message of its own. */
export const pictureMessage = (
  hostname: string,
  sentences: readonly string[],
  picture: Exclude<Picture, { kind: 'coming' }>,
): Message => {
  const alternative = sentences.join(' ');
  return picture.kind === 'uploaded'
    ? { text: `${hostname}: ${alternative}`, blocks: [image(picture.fileId, alternative)] }
    : {
        text: `${hostname}: no picture this time: ${picture.why}.`,
        blocks: [section(`*${escapeText(hostname)}*`), without(picture.why)],
      };
};

/** Where nothing has been measured yet. */
export const nothingMeasured = (intervalSeconds: number): KnownBlock =>
  context(
    `No chart yet: the bot checks about every ${Math.round(intervalSeconds / 60)} min, and the chart starts with the first check.`,
  );
