import { type ZoneEntry, zoneEntries } from './zone-entries.ts';
import { isTtlText } from './zone-ttl.ts';
import { classOfWord, isKnownType, typeOfWord } from './zone-types.ts';
import { isAging, textOf } from './zone-words.ts';

const directive = /^\$(?:ORIGIN|TTL|INCLUDE|GENERATE|DATE)$/i;

/** Whether a line has a record type where a zone file has one, or is a directive. */
const isZoneLine = ({ tokens, isIndented }: ZoneEntry): boolean => {
  if (directive.test(textOf(tokens[0]))) return true;
  const rest = isIndented ? tokens : tokens.slice(1);
  const word = rest.find((token) => classOfWord(token.text) === undefined && !isTtlText(token.text) && !isAging(token));
  const type = word === undefined ? undefined : typeOfWord(word.text);
  return type === undefined ? rest.some(({ text }) => classOfWord(text) === 'IN') : type === 'AWS' || isKnownType(type);
};

/** Lines by which a file is judged. */
const judgedLines = 200;

const firstEntries = (text: string, most: number): readonly ZoneEntry[] => {
  const entries: ZoneEntry[] = [];
  for (const entry of zoneEntries(text)) {
    entries.push(entry);
    if (entries.length === most) break;
  }
  return entries;
};

/** Whether the first line of a file is one of a zone file. */
export const beginsLikeZone = (text: string): boolean => firstEntries(text, 1).some(isZoneLine);

/** Whether a file is a zone file, with mistakes or without. */
export const looksLikeZone = (text: string): boolean => {
  const entries = firstEntries(text, judgedLines);
  const zoneLines = entries.filter(isZoneLine).length;
  return zoneLines > 0 && zoneLines * 3 >= entries.length;
};
