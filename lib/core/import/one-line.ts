/** Longest message about a line, in characters. */
const longest = 1000;

const unprintable = /(?! )[\p{C}\p{Z}]/gu;

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** A sentence that quotes a file, as one printable line of at most 1,000 characters. */
export const oneLine = (text: string): string => {
  // What is cut away below is not escaped first: a cell may hold megabytes.
  const line = text.slice(0, 2 * longest).replace(unprintable, escaped);
  return line.length <= longest ? line : `${[...line.slice(0, longest - 2)].slice(0, -1).join('')}…`;
};

/** A text of a file in quotes, cut where it is long. */
export const quoted = (text: string): string => `"${text.length <= 60 ? text : `${text.slice(0, 60)}…`}"`;
