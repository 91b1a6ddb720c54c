import { digestOf } from '../../core/base/digest.ts';

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * What of a message's text Slack gives back as it was posted. Slack turns emoji into `:names:`, wraps addresses that it recognises as `<url|text>`, escapes
 * what was not escaped and trims, so that a text that nobody touched differs from the one that was sent.
 */
export const lastingText = (text: string): string =>
  text
    .replace(/<([@#!][^>|]*)(?:\|[^>]*)?>/g, '$1')
    .replace(/<[^>|]*\|([^>]*)>/g, '$1')
    .replace(/<([^>]*)>/g, '$1')
    .replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity)
    .replace(/:[a-z0-9_+'-]+:(?::skin-tone-\d:)?/g, '')
    .replace(/\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200D|\u20E3|\uFE0E|\uFE0F/gu, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();

/** The digest by which a posted text is known again: SHA-256, hex, of what of it lasts. */
export const textDigestOf = (text: string): string => digestOf(lastingText(text).toWellFormed());

/** Whether a text, as Slack gives it back, is the one that has this digest; also one taken over the text as it was sent. */
export const isTextOf = (text: string, digest: string): boolean =>
  textDigestOf(text) === digest || digestOf(text.toWellFormed()) === digest;
