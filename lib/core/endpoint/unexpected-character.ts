/** A character that is not printable ASCII, as people look it up: `U+FE0F, which is invisible`. */
const named = (character: string): string => {
  const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const isVisible =
    /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) && !/^\p{Default_Ignorable_Code_Point}$/u.test(character);
  return isVisible ? `${codePoint} (“${character}”)` : `${codePoint}, which is invisible`;
};

/** A sentence that names the first character that is not printable ASCII, with its position from 1, and a space before it; empty where there is none. */
export const unexpectedCharacterText = (text: string): string => {
  const characters = [...text];
  const at = characters.findIndex((character) => !/^[ -~]$/.test(character));
  const character = characters[at];
  return character === undefined ? '' : ` Character ${at + 1} is ${named(character)}.`;
};

/** The text without invisible characters, and with full-width forms as ASCII: what was most likely meant. */
export const withoutUnexpected = (text: string): string =>
  text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
