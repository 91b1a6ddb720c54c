/** Longest label, in octets (RFC 1035 §2.3.4). */
export const labelOctetsMaximum = 63;
/** Longest name on the wire, with its length octets and the root label (RFC 1035 §2.3.4). */
export const wireOctetsMaximum = 255;

/** A name as Route 53 keeps it, or what makes the text none. */
export type ParsedName =
  | { readonly ok: true; readonly name: string; readonly labels: readonly string[] }
  | {
      readonly ok: false;
      readonly reason: 'empty' | 'empty-label' | 'label-too-long' | 'name-too-long' | 'bad-escape' | 'not-ascii';
    };

const plain = /[a-z0-9_-]/;
const octal = /^[0-3][0-7]{2}$/;

type Labels =
  | { readonly ok: true; readonly labels: readonly (readonly number[])[] }
  | { readonly ok: false; readonly reason: 'bad-escape' | 'not-ascii' };

const readLabels = (text: string): Labels => {
  const labels: number[][] = [[]];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const code = text.charCodeAt(at);
    if (character === '.') {
      labels.push([]);
    } else if (character === '\\') {
      const digits = text.slice(at + 1, at + 4);
      if (!octal.test(digits)) return { ok: false, reason: 'bad-escape' };
      labels.at(-1)?.push(Number.parseInt(digits, 8));
      at += 3;
    } else if (code > 0x7e || code < 0x20) {
      return { ok: false, reason: 'not-ascii' };
    } else {
      labels.at(-1)?.push(code);
    }
  }
  return { ok: true, labels };
};

const presentOctet = (octet: number): string => {
  const character = String.fromCharCode(octet).toLowerCase();
  return plain.test(character) ? character : `\\${octet.toString(8).padStart(3, '0')}`;
};

/**
 * Reads a domain name in Route 53's presentation format: lower case, every octet but `a-z 0-9 - _` as `\ooo`, no trailing dot.
 * @example parseName('*.Corp.Internal.') // { ok: true, name: '\\052.corp.internal', … }
 */
export const parseName = (text: string): ParsedName => {
  const relative = text.endsWith('.') ? text.slice(0, -1) : text;
  if (relative === '') return { ok: false, reason: 'empty' };
  const read = readLabels(relative);
  if (!read.ok) return read;
  if (read.labels.some((octets) => octets.length === 0)) return { ok: false, reason: 'empty-label' };
  if (read.labels.some((octets) => octets.length > labelOctetsMaximum)) return { ok: false, reason: 'label-too-long' };
  const wireOctets = read.labels.reduce((sum, octets) => sum + octets.length + 1, 1);
  if (wireOctets > wireOctetsMaximum) return { ok: false, reason: 'name-too-long' };
  const labels = read.labels.map((octets) => octets.map(presentOctet).join(''));
  return { ok: true, name: labels.join('.'), labels };
};

/** The one form in which names are compared. Text that is not a domain name stays as it is, so it equals no name. */
export const canonicalName = (text: string): string => {
  const parsed = parseName(text);
  return parsed.ok ? parsed.name : text;
};

/** Whether `name` is `ancestor` or lies below it; both canonical. */
export const isAtOrBelow = (name: string, ancestor: string): boolean =>
  name === ancestor || name.endsWith(`.${ancestor}`);
