import { idOfMention } from '../base/slack-ids.ts';

/** One word of a command line. */
export type Token = {
  readonly text: string;
  /** True when all of it was in quotes, so that it is a value whatever it begins with. */
  readonly quoted: boolean;
  /** The opening quote, where its closing one is missing; the rest of the line is then in `text`. */
  readonly unclosed?: string;
};

/** Opening quotes, each with those that may close it: keyboards replace straight ones, and not always both. */
const doubles = '"“”„‟«»';
const singles = "'‘’‚‛";
const closersOf = (character: string): string | undefined =>
  [doubles, singles, '`'].find((family) => family.includes(character));

const isSpace = (character: string): boolean => /\s/.test(character);
const endsValue = (character: string | undefined): boolean =>
  character === undefined || isSpace(character) || character === ',';

/** Reads from after an opening quote at `start` to its closing one, which is followed by a space, a comma or the end: `'don't'` is one value. */
const readQuoted = (
  characters: readonly string[],
  start: number,
  closers: string,
): { readonly text: string; readonly next: number } | undefined => {
  let text = '';
  for (let at = start; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const following = characters[at + 1];
    if (character === '\\' && following !== undefined && (following === '\\' || closers.includes(following))) {
      text += following;
      at += 1;
    } else if (closers.includes(character) && endsValue(following)) {
      return { text, next: at + 1 };
    } else {
      text += isSpace(character) ? ' ' : character;
    }
  }
  return undefined;
};

/** The mention that begins at `start`: a name in it may hold spaces and commas. */
const mentionAt = (characters: readonly string[], start: number): readonly string[] => {
  const mention = characters[start] === '<' ? characters.slice(start, characters.indexOf('>', start) + 1) : [];
  return idOfMention(mention.join('')) === undefined ? [] : mention;
};

/** Splits a line at white space and commas; quotes hold a value together, at its beginning or after `=`, and a mention is one word. */
export const tokens = (line: string): readonly Token[] => {
  const characters = [...line];
  const found: Token[] = [];
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] ?? '';
    if (isSpace(character)) {
      at += 1;
      continue;
    }
    if (character === ',') {
      found.push({ text: ',', quoted: false });
      at += 1;
      continue;
    }
    let text = '';
    let quoted = false;
    let unclosed: string | undefined;
    while (at < characters.length && !endsValue(characters[at])) {
      const next = characters[at] ?? '';
      const closers = text === '' || text.endsWith('=') ? closersOf(next) : undefined;
      if (closers !== undefined) {
        const value = readQuoted(characters, at + 1, closers);
        quoted = text === '';
        if (value === undefined) unclosed = next;
        text += value?.text ?? characters.slice(at + 1).join('');
        at = value?.next ?? characters.length;
        break;
      }
      const mention = mentionAt(characters, at);
      text += mention.length > 0 ? mention.join('') : next;
      at += Math.max(1, mention.length);
    }
    found.push({ text, quoted, ...(unclosed === undefined ? {} : { unclosed }) });
  }
  return found;
};
