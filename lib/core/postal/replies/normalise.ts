/** Colours of a terminal: ESC `[` … letter. */
const colours = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]{0,20}[A-Za-z]`, 'g');
const invisible = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&#x27;': "'",
  '&nbsp;': ' ',
  '&#160;': ' ',
  '&amp;': '&',
};

/** As JSON and logs write a line end, a quote, an angle bracket, an ampersand. */
const escapes: readonly (readonly [RegExp, string])[] = [
  [/\\{1,4}r?(?:\\{1,4}n|n)/g, '\n'],
  [/\\{1,4}"/g, '"'],
  [/\\{1,4}u003c/gi, '<'],
  [/\\{1,4}u003e/gi, '>'],
  [/\\{1,4}u0026/gi, '&'],
];

/** The text as Postal wrote it, from what browsers, terminals, phones and chat make of it. White space stays. */
export const normalise = (text: string): string => {
  const plain = text
    .toWellFormed()
    .replace(colours, '')
    .replace(invisible, '')
    .replace(/&(?:lt|gt|quot|#34|apos|#39|#x27|nbsp|#160|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(/<(?:mailto|https?):[^<>|]{1,300}\|([^<>|]{1,300})>/g, '$1')
    .replace(/[“”„‟«»″]/g, '"')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[‐‑‒–—―−]/g, '-');
  return escapes.reduce((unescaped, [pattern, character]) => unescaped.replace(pattern, character), plain);
};
