import punycode from 'punycode/punycode.js';

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/**
 * A hostname as Postal asks for it: each label that is not ASCII in Punycode, without any of IDNA's mapping (`BÜCHER` is not `bücher`), and
 * then without a trailing dot.
 */
export const encodeHostname = (hostname: string): string =>
  isAscii(hostname)
    ? hostname
    : hostname
        .replace(/\.+$/, '')
        .split('.')
        .map((label) => (isAscii(label) ? label : `xn--${punycode.encode(label)}`))
        .join('.');

const labelsOf = (hostname: string): readonly string[] => hostname.split('.').filter((label) => label !== '');

/** A name as it is asked: in ASCII, empty labels dropped, as Postal's resolver does, and no trailing dot. */
export const questionName = (hostname: string): string => labelsOf(encodeHostname(hostname)).join('.');

/** Why DNS cannot carry a name (RFC 1035 §2.3.4), as a sentence; undefined when it can. */
export const dnsNameProblem = (hostname: string): string | undefined => {
  const labels = labelsOf(hostname);
  if (labels.length === 0) return `hostname "${hostname}" is empty; give the name to look up`;
  const long = labels.find((label) => Buffer.byteLength(label) > 63);
  if (long !== undefined)
    return `hostname has a label of ${Buffer.byteLength(long)} octets (${long.slice(0, 20)}…); DNS carries at most 63`;
  const length = Buffer.byteLength(labels.join('.'));
  return length > 253 ? `hostname has ${length} octets; DNS carries at most 253` : undefined;
};
