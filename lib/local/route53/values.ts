import { isIPv4, isIPv6 } from 'node:net';
import { dnsValue } from '../../core/dns/record-set.ts';
import { parseTxt } from '../../core/dns/txt-value.ts';
import { parseName } from '../../core/endpoint/name.ts';

/** Longest TXT value, in characters with quotes and escapes. */
const txtCharactersMaximum = 4_000;
/** Most values of one record set. */
const valuesMaximum = 400;

const invalid = (problem: string, value: string): string =>
  `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`;

const nameProblems = {
  empty: 'DomainLabelEmpty (Domain label is empty)',
  'empty-label': 'DomainLabelEmpty (Domain label is empty)',
  'label-too-long': 'DomainLabelTooLong (Domain label is too long)',
  'name-too-long': 'DomainNameTooLong (Domain name is too long)',
  'bad-escape': 'InvalidEscape (Escape sequence must be a backslash and three octal digits)',
  'not-ascii': 'UnsupportedCharacter (Value contains unsupported characters)',
} as const;

const txtProblems = {
  unquoted: 'InvalidCharacterString (Value should be enclosed in quotation marks)',
  'bad-escape': 'InvalidEscape (Backslash must be followed by a quotation mark, a backslash or three octal digits)',
  'not-ascii': 'UnsupportedCharacter (Value contains unsupported characters)',
  'string-too-long': 'CharacterStringTooLong (Value is too long)',
} as const;

/** What is wrong with a domain name, in Route 53's words; undefined when nothing is. */
export const nameMessage = (text: string): string | undefined => {
  const parsed = parseName(text);
  return parsed.ok ? undefined : invalid(nameProblems[parsed.reason], text);
};

const txtMessage = (value: string): string | undefined => {
  if (value.length > txtCharactersMaximum) return invalid(txtProblems['string-too-long'], value);
  const parsed = parseTxt(value);
  return parsed.ok ? undefined : invalid(txtProblems[parsed.reason], value);
};

const mxMessage = (value: string): string | undefined => {
  const match = /^(\d{1,5}) (\S+)$/.exec(value);
  if (match === null || Number(match[1]) > 65_535)
    return invalid('MXRRDATANotTwoFields (MX record must be a preference and a domain name)', value);
  return nameMessage(match[2] ?? '');
};

const soaMessage = (value: string): string | undefined => {
  const [primary = '', mailbox = '', ...numbers] = value.split(' ');
  const isComplete =
    numbers.length === 5 && numbers.every((number) => /^\d{1,10}$/.test(number) && Number(number) <= 0xff_ff_ff_ff);
  return isComplete
    ? (nameMessage(primary) ?? nameMessage(mailbox))
    : invalid('SOARRDATANotSevenFields (SOA record must have 7 fields)', value);
};

const byType: Readonly<Record<string, (value: string) => string | undefined>> = {
  A: (value) =>
    isIPv4(value) ? undefined : invalid('ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)', value),
  AAAA: (value) =>
    isIPv6(value) && !value.includes('%')
      ? undefined
      : invalid('AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)', value),
  CNAME: nameMessage,
  NS: nameMessage,
  PTR: nameMessage,
  MX: mxMessage,
  SOA: soaMessage,
  TXT: txtMessage,
};

/** Types that a change of the local Route 53 may write. */
export const writableTypes: readonly string[] = Object.keys(byType);

/** One text for all ways of writing the same value: Route 53 compares what a value says, and of a TXT each character-string. */
export const canonicalValue = (type: string, value: string): string => {
  const txt = type === 'TXT' ? parseTxt(value) : undefined;
  return txt?.ok ? txt.strings.map((octets) => Buffer.from(octets).toString('hex')).join(' ') : dnsValue(type, value);
};

/** Everything wrong with the values of a record set, in Route 53's words. */
export const valueMessages = (type: string, values: readonly string[]): readonly string[] => {
  const check = byType[type];
  if (check === undefined)
    return [`The local Route 53 takes no change of type ${type}; it takes ${writableTypes.join(', ')}`];
  const messages = values.map(check).filter((message) => message !== undefined);
  if (values.length === 0) messages.push('Invalid Resource Record: a resource record set must hold at least one value');
  if (values.length > valuesMaximum)
    messages.push(`Number of values in a record set is limited to ${valuesMaximum}, found ${values.length}.`);
  const canonical = values.map((value) => canonicalValue(type, value));
  const repeated = values.filter((_, index) => canonical.indexOf(canonical[index] ?? '') !== index);
  return [...messages, ...repeated.map((value) => `Duplicate Resource Record: '${value}'`)];
};
