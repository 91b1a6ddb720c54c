/** A text without its white space, so that it reads the same wherever it was wrapped. */
export type Squeezed = {
  readonly text: string;
  /** What came before each character: nothing, white space with a line end, or other white space. */
  readonly gaps: Uint8Array;
  /** Where each character was. */
  readonly offsets: Uint32Array;
  readonly source: string;
};

/** Values of `gaps`. */
export const gap = { none: 0, lineEnd: 1, space: 2 } as const;

/** Takes the white space out of a text and keeps where it was. */
export const squeeze = (source: string): Squeezed => {
  const gaps = new Uint8Array(source.length);
  const offsets = new Uint32Array(source.length);
  const parts: string[] = [];
  let length = 0;
  let end = 0;
  for (const { 0: word, index } of source.matchAll(/\S+/g)) {
    gaps[length] = index === end ? gap.none : /[\n\r]/.test(source.slice(end, index)) ? gap.lineEnd : gap.space;
    for (let at = 0; at < word.length; at += 1) offsets[length + at] = index + at;
    parts.push(word);
    length += word.length;
    end = index + word.length;
  }
  return { text: parts.join(''), gaps: gaps.subarray(0, length), offsets: offsets.subarray(0, length), source };
};

/**
 * A passage with its words apart. Where a line ended, the text may have been wrapped within a word: there a space is set only behind a sign that ends one.
 */
export const spaced = ({ text, gaps }: Squeezed, start: number, end: number): string => {
  let words = '';
  for (let at = start; at < end; at += 1) {
    const isApart = gaps[at] === gap.space || (gaps[at] === gap.lineEnd && /[.,;:!?)>\]]/.test(text.charAt(at - 1)));
    words += at > start && isApart ? ` ${text.charAt(at)}` : text.charAt(at);
  }
  return words;
};

/** Whether three digits that could be a reply's code stand there by themselves, or with the hyphen of a reply that goes on. */
export const isReplyCodeAt = ({ text, gaps }: Squeezed, at: number): boolean => {
  const next = at + 3;
  const isSeparate = next === text.length || text.charAt(next) === '-' || (gaps[next] ?? gap.none) !== gap.none;
  return isSeparate && /^[2-5]\d\d$/.test(text.slice(at, next));
};

const longestQuote = 240;

/** What stood between two places of the squeezed text, on one line; what is left out of a long passage is marked. */
export const quoted = ({ source, offsets }: Squeezed, start: number, end: number): string => {
  const from = offsets[start] ?? source.length;
  const to = (offsets[end - 1] ?? source.length - 1) + 1;
  const passage = source.slice(from, Math.min(to, from + 4 * longestQuote)).replace(/\s+/g, ' ');
  return passage.length <= longestQuote ? passage : `${passage.slice(0, longestQuote).toWellFormed()}…`;
};
