/** Octets of a value as JSON: a control character takes six, a quote two. */
export const jsonOctets = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

const leftOut = (characters: number): string => `… (${characters} characters more)`;

/** Text cut so that it takes at most so many octets as a JSON string, with a note of how many characters were left out; 50 octets or more. */
export const withinJsonOctets = (text: string, octets: number): string => {
  if (jsonOctets(text) <= octets) return text;
  const characters = [...text];
  let room = octets - jsonOctets(leftOut(characters.length));
  let kept = 0;
  for (const character of characters) {
    // Without the quotes around it.
    room -= jsonOctets(character) - 2;
    if (room < 0) break;
    kept += 1;
  }
  return `${characters.slice(0, kept).join('')}${leftOut(characters.length - kept)}`;
};
