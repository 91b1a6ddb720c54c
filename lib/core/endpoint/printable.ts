const longest = 100;

/** Characters that people cannot see, or that change the order in which the rest is read. */
export const unprintable = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

const everyUnprintable = new RegExp(unprintable.source, 'gu');

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** Text of a person, made fit to stand in a sentence: unprintable characters as `\u{…}`, and what is too long cut, with its length said. */
export const printable = (text: string): string => {
  const visible = text.replace(everyUnprintable, escaped);
  const characters = [...visible];
  return characters.length <= longest
    ? visible
    : `${characters.slice(0, longest).join('')}… (${[...text].length} characters)`;
};
