import type { TextJson } from '../block-kit/block-json.ts';
import { LibraryBlocks, Mrkdwn, richTextBlock } from './rich-text.tsx';
import type { RichTextSectionElement } from './rich-text-element.ts';

const emojiName = /(:[a-z+_-][a-z0-9+_-]*:)/;

const plainElements = (text: string): readonly RichTextSectionElement[] =>
  text
    .split(emojiName)
    .map(
      (piece, index): RichTextSectionElement =>
        index % 2 === 1 ? { type: 'emoji', name: piece.slice(1, -1) } : { type: 'text', text: piece },
    )
    .filter((element) => element.type !== 'text' || element.text !== '');

/** Plain text keeps every character, but `:emoji:` names become emoji. */
export const PlainText = ({ text }: { readonly text: string }) => (
  <LibraryBlocks blocks={[richTextBlock(plainElements(text))]} />
);

/** A text object of either kind. */
export const Text = ({ text }: { readonly text: TextJson }) =>
  text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <PlainText text={text.text} />;
