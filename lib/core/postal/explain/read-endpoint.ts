import { isIP } from 'node:net';
import { gap, isReplyCodeAt, type Squeezed } from '../replies/squeezed.ts';
import type { NamedEndpoint } from './explanation.ts';

const longestName = 255;
const nameCharacter = /[A-Za-z0-9._\-\u00a1-\uffff]/;
/** What a line begins with that is no part of a name that was wrapped. */
const lineBeginning = /-?[A-Z]|\d{4}-\d\d|endoffile|executionexpired|couldnotget|component=/y;

const beginsLine = (squeezed: Squeezed, at: number): boolean => {
  lineBeginning.lastIndex = at;
  return lineBeginning.test(squeezed.text) || isReplyCodeAt(squeezed, at);
};

/** What was read, and where it ended in the squeezed text. */
export type Read<Value> = { readonly value: Value; readonly next: number };

/** Reads digits that stand together: a number ends where its line does. */
export const readPort = ({ text, gaps }: Squeezed, from: number): Read<number | undefined> => {
  let end = from;
  while (end < from + 6 && /\d/.test(text.charAt(end)) && (end === from || gaps[end] === gap.none)) end += 1;
  return { value: end === from ? undefined : Number(text.slice(from, end)), next: end };
};

/** Reads one name that ends a sentence or comes before a comma. */
const readName = (squeezed: Squeezed, from: number): Read<string> => {
  const { text, gaps } = squeezed;
  let end = from;
  while (end < text.length && end - from < longestName && nameCharacter.test(text.charAt(end))) {
    if (end > from && gaps[end] === gap.space) break;
    if (end > from && gaps[end] === gap.lineEnd && text.charAt(end - 1) === '.' && beginsLine(squeezed, end)) break;
    end += 1;
  }
  return { value: text.slice(from, end).replace(/\.$/, ''), next: end };
};

/** Reads the names of `Tried a, b, and c.`: one for an SMTP endpoint, more where Postal sent by MX. */
export const readNames = (squeezed: Squeezed, from: number): Read<readonly string[]> => {
  const { text, gaps } = squeezed;
  const names: string[] = [];
  let at = from;
  while (names.length < 20) {
    const { value: name, next } = readName(squeezed, at);
    if (name !== '') names.push(name);
    at = text.charAt(next) === ',' ? next + 1 : next;
    const isJoined = gaps[at] !== gap.none && text.startsWith('and', at) && gaps[at + 3] !== gap.none;
    if (isJoined) at += 3;
    if (name === '' || at === next || at >= text.length) break;
  }
  return { value: names, next: at };
};

/** What the named groups of a signature hold, as an endpoint; an invalid address and an empty name are left out. */
export const endpointOf = (groups: Readonly<Record<string, string | undefined>>): NamedEndpoint => {
  const { ip, port, host } = groups;
  return {
    ...(host === undefined || host === '' ? {} : { hostname: host }),
    ...(ip === undefined || isIP(ip) === 0 ? {} : { ip }),
    ...(port !== undefined && /^\d{1,6}$/.test(port) ? { port: Number(port) } : {}),
  };
};
