import { encodeHostname } from '../endpoint/dns-name.ts';

const labelsOf = (name: string): readonly string[] => name.split('.').filter((label) => label !== '');

/**
 * The names that Postal asks for, in order; it goes on to the next only after NXDOMAIN. Empty labels are dropped.
 *
 * | hostname | names |
 * | --- | --- |
 * | ends with a dot | itself |
 * | of one label, or none | with the domain of the OS hostname, then itself |
 * | any other | itself, then with the domain of the OS hostname |
 */
export const candidatesOf = (hostname: string, osHostname: string | undefined): readonly string[] => {
  const name = encodeHostname(hostname);
  const labels = labelsOf(name);
  const itself = labels.join('.');
  if (name.endsWith('.')) return [itself];
  const dot = osHostname?.indexOf('.') ?? -1;
  const extended = [
    ...labels,
    ...(osHostname === undefined || dot === -1 ? [] : labelsOf(osHostname.slice(dot + 1))),
  ].join('.');
  return [...new Set(labels.length > 1 ? [itself, extended] : [extended, itself])];
};

/** One record of an answer. */
type AnswerRecord = { readonly name: string; readonly type: string; readonly data: string };

const sameName = (one: string, other: string): boolean =>
  labelsOf(one.toLowerCase()).join('.') === labelsOf(other.toLowerCase()).join('.');

const ipv6Words = (address: string): readonly number[] => {
  const [head = '', tail] = address.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const [before, after] = [words(head), words(tail ?? '')];
  return tail === undefined
    ? before
    : [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
};

/** An address as Postal writes it: the first run of zeros is shortened, not the longest, and a single zero too; IPv4 inside IPv6 is written as IPv6. */
export const postalAddress = (canonical: string): string => {
  if (!canonical.includes(':')) return canonical;
  const words = ipv6Words(canonical)
    .map((word) => word.toString(16))
    .join(':');
  const shortened = words.replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
  return shortened === words ? words.replace(/(?:^|:)0(?::|$)/, '::') : shortened;
};

/**
 * The addresses that Postal finds in an answer to a question for `name`: it follows the CNAMEs of the answer in the order in which they are there,
 * asks for none by itself, and takes what bears the last one's name. Addresses must be in canonical form.
 */
export const addressesIn = (records: readonly AnswerRecord[], name: string, type: 'A' | 'AAAA'): readonly string[] => {
  const addresses: string[] = [];
  let end = name;
  for (const record of records) {
    if (!sameName(record.name, end)) continue;
    if (record.type === type) addresses.push(record.data);
    if (record.type === 'CNAME') end = record.data;
  }
  const found =
    addresses.length > 0
      ? addresses
      : records.filter((record) => record.type === type && sameName(record.name, end)).map(({ data }) => data);
  return found.map(postalAddress);
};
