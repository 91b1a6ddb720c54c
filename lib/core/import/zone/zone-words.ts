import type { ImportCode, ImportMistake } from '../answer.ts';
import { oneLine, quoted } from '../one-line.ts';
import type { ZoneEntry, ZoneToken } from './zone-entries.ts';
import { isTtlText, readZoneTtl } from './zone-ttl.ts';
import { classOfWord, typeOfWord } from './zone-types.ts';

/** A mistake at a line; as zone files go, of its syntax unless said otherwise. */
export const mistakeAt = (
  { line }: { readonly line: number },
  message: string,
  { code = 'zone-syntax', column = null }: { readonly code?: ImportCode; readonly column?: number | null } = {},
): ImportMistake => ({ line, column, code, message: oneLine(message) });

export const textOf = (token: ZoneToken | undefined): string => token?.text ?? '';

/** What a record says between its owner and its values. */
export type Words = {
  readonly type: string;
  readonly ttl: number | undefined;
  readonly values: readonly ZoneToken[];
};

/** The time stamp that Windows DNS writes after an owner. */
export const isAging = (token: ZoneToken | undefined): boolean => /^\[(?:AGE|AGING):\d+\]$/i.test(textOf(token));

/** TTL, class and type, the first two in either order, and the values. A mistake where they cannot be known. */
export const readWords = (entry: ZoneEntry, after: readonly ZoneToken[]): Words | ImportMistake => {
  const rest = isAging(after[0]) ? after.slice(1) : [...after];
  let ttl: number | undefined;
  let isClassRead = false;
  for (;;) {
    const [token] = rest;
    const text = textOf(token);
    const zoneClass = token?.isQuoted ? undefined : classOfWord(text);
    if (!isClassRead && zoneClass === 'other') return mistakeAt(entry, `Its class ${quoted(text)} is not IN.`);
    if (!isClassRead && zoneClass === 'IN') isClassRead = true;
    else if (token !== undefined && ttl === undefined && isTtlText(text)) {
      ttl = readZoneTtl(text);
      if (ttl === undefined)
        return mistakeAt(
          entry,
          `The TTL ${quoted(text)} is not 0 to 2147483647 seconds. Write a number, or one with units such as 1h30m.`,
          { code: 'ttl-range', column: token.column },
        );
    } else break;
    rest.shift();
  }
  const [word, ...values] = rest;
  if (word === undefined)
    return mistakeAt(entry, 'It has no type and no values. Write it as in: gitlab 60 IN A 10.0.4.12');
  const type = word.isQuoted ? undefined : typeOfWord(word.text);
  if (type === undefined)
    return mistakeAt(entry, `${quoted(word.text)} is not a record type. Write it as in: gitlab 60 IN A 10.0.4.12`, {
      column: word.column,
    });
  // Route 53's alias, as cli53 writes it: AWS is its class.
  if (type === 'AWS' && values.length > 1)
    return { type: `AWS ${textOf(values[0]).toUpperCase()}`, ttl, values: values.slice(1) };
  return { type, ttl, values };
};
