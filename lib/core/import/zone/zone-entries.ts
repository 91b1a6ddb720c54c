/** A word of a zone file, escapes as written, and where its first character is, from 1. */
export type ZoneToken = {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly line: number;
  readonly column: number;
};

/** A record or a directive: the words of one line, or of several within parentheses. */
export type ZoneEntry = {
  readonly line: number;
  /** Whether it begins with white space, and so has the owner of the record before. */
  readonly isIndented: boolean;
  readonly tokens: readonly ZoneToken[];
  readonly problem: string | undefined;
};

const endsToken = /[\s();"]/;

const endOfWord = (text: string, from: number): number => {
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '\\' && text.charAt(at + 1) !== '\n') at += 2;
    // Only these separate words (RFC 1035 §5.1): a no-break space, for one, is part of a name.
    else if (endsToken.test(character) && ' \t\n();"'.includes(character)) break;
    else at += 1;
  }
  return Math.min(at, text.length);
};

/** Where a quoted word's closing quote is; where the line ends instead, that place, and it is not closed. */
const endOfQuotes = (text: string, from: number): { readonly end: number; readonly isClosed: boolean } => {
  let at = from;
  while (at < text.length && text.charAt(at) !== '\n') {
    if (text.charAt(at) === '"') return { end: at, isClosed: true };
    at += text.charAt(at) === '\\' && text.charAt(at + 1) !== '\n' ? 2 : 1;
  }
  return { end: Math.min(at, text.length), isClosed: false };
};

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/** Takes a zone file apart (RFC 1035 §5.1), with LF alone as line break. */
export function* zoneEntries(text: string): Generator<ZoneEntry> {
  let at = 0;
  let line = 1;
  let lineStart = 0;
  while (at < text.length) {
    const first = line;
    const isIndented = text.charAt(at) === ' ' || text.charAt(at) === '\t';
    const tokens: ZoneToken[] = [];
    let depth = 0;
    let problem: string | undefined;
    for (;;) {
      const character = text.charAt(at);
      if (character === '') break;
      if (character === '\n') {
        at += 1;
        line += 1;
        lineStart = at;
        if (depth === 0) break;
      } else if (character === ' ' || character === '\t') at += 1;
      else if (character === ';') at = endOfLine(text, at);
      else if (character === '(') {
        depth += 1;
        at += 1;
      } else if (character === ')') {
        if (depth === 0) problem ??= 'It has a closing parenthesis too many.';
        else depth -= 1;
        at += 1;
      } else if (character === '"') {
        const { end, isClosed } = endOfQuotes(text, at + 1);
        if (!isClosed) problem ??= 'A quote is not closed on its line.';
        tokens.push({ text: text.slice(at + 1, end), isQuoted: true, line, column: at - lineStart + 1 });
        at = isClosed ? end + 1 : end;
      } else {
        const end = endOfWord(text, at);
        tokens.push({ text: text.slice(at, end), isQuoted: false, line, column: at - lineStart + 1 });
        at = end;
      }
    }
    if (depth > 0) problem = 'Its parenthesis is never closed, so the rest of the file was not read.';
    if (tokens.length > 0 || problem !== undefined) yield { line: first, isIndented, tokens, problem };
  }
}
