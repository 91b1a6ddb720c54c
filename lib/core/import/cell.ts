const zeroWidth = /[\u200b-\u200d\u2060\ufeff]/g;

/** Opening quotes with the marks that close them, in English, German and French text. */
const closingOf: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['”', '”'],
  ['„', '“”'],
  ['‘', '’'],
  ['’', '’'],
  ['‚', '‘’'],
  ['«', '»'],
  ['»', '«'],
]);

const withoutQuotes = (text: string): string => {
  const closing = text.length < 2 ? undefined : closingOf.get(text.charAt(0));
  return closing?.includes(text.charAt(text.length - 1)) ? text.slice(1, -1).trim() : text;
};

/**
 * A cell or header as it is meant: without white space and one pair of quotes around it, zero-width characters, and the apostrophe by which spreadsheets mark
 * text. `NULL`, as `mysql -B` writes it, is empty.
 */
export const cellText = (raw: string): string => {
  const text = withoutQuotes(raw.replace(zeroWidth, '').trim());
  const bare = text.startsWith("'") ? text.slice(1).trim() : text;
  return bare === 'NULL' ? '' : bare;
};

/** A text of people on one line: line breaks and tabs, with the white space around them, as one space. */
export const onOneLine = (text: string): string =>
  text.replace(/\s+/g, (space) => (/[\r\n\t]/.test(space) ? ' ' : space));

/** Wrappings of a text that `cellText` takes off again, in the order in which they are tried. */
const wrappings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `'${text}`,
  (text) => `"${text}"`,
  (text) => `"'${text}"`,
];

/** A text as a cell that a spreadsheet does not take for a formula, and of which `cellText` makes the same text again. */
export const guardedCell = (text: string): string => {
  const safe = (/^\s*[=+\-@]/.test(text) ? wrappings.slice(1) : wrappings).map((wrap) => wrap(text));
  return safe.find((wrapped) => cellText(wrapped) === text) ?? safe[0] ?? text;
};
