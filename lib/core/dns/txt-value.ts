/** Longest character-string of a TXT record, in octets (RFC 1035 §3.3). */
export const characterStringOctetsMaximum = 255;

/** The character-strings of a TXT value, or what makes the text none. */
export type ParsedTxt =
  | { readonly ok: true; readonly strings: readonly Uint8Array[] }
  | { readonly ok: false; readonly reason: 'unquoted' | 'bad-escape' | 'not-ascii' | 'string-too-long' };

const quote = 0x22;
const backslash = 0x5c;

const presentOctet = (octet: number): string => {
  if (octet === quote || octet === backslash) return `\\${String.fromCharCode(octet)}`;
  return octet >= 0x20 && octet <= 0x7e ? String.fromCharCode(octet) : `\\${octet.toString(8).padStart(3, '0')}`;
};

/**
 * A TXT value in Route 53's presentation format: quoted character-strings of at most 255 octets, `\ooo` for what is not printable ASCII.
 * @example formatTxt('say "hi"') // '"say \\"hi\\""'
 */
export const formatTxt = (content: string | Uint8Array): string => {
  const octets = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const strings: string[] = [];
  for (let at = 0; at === 0 || at < octets.length; at += characterStringOctetsMaximum) {
    const part = octets.subarray(at, at + characterStringOctetsMaximum);
    strings.push(`"${Array.from(part, presentOctet).join('')}"`);
  }
  return strings.join(' ');
};

type Step = { readonly octet: number; readonly length: number } | { readonly reason: 'bad-escape' | 'not-ascii' };

const readOctet = (text: string, at: number): Step => {
  const code = text.charCodeAt(at);
  if (code < 0x20 || code > 0x7e) return { reason: 'not-ascii' };
  if (code !== backslash) return { octet: code, length: 1 };
  const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4));
  if (octal !== null) return { octet: Number.parseInt(octal[0], 8), length: 4 };
  const escaped = text.charCodeAt(at + 1);
  return escaped === quote || escaped === backslash ? { octet: escaped, length: 2 } : { reason: 'bad-escape' };
};

/** Reads a TXT value in Route 53's presentation format into its character-strings; `formatTxt` turns them back. */
export const parseTxt = (value: string): ParsedTxt => {
  const strings: Uint8Array[] = [];
  let at = 0;
  while (at < value.length) {
    if (value.charAt(at) !== '"') return { ok: false, reason: 'unquoted' };
    at += 1;
    const octets: number[] = [];
    while (at < value.length && value.charAt(at) !== '"') {
      const step = readOctet(value, at);
      if ('reason' in step) return { ok: false, reason: step.reason };
      octets.push(step.octet);
      at += step.length;
    }
    if (at >= value.length) return { ok: false, reason: 'unquoted' };
    if (octets.length > characterStringOctetsMaximum) return { ok: false, reason: 'string-too-long' };
    strings.push(Uint8Array.from(octets));
    at += 1;
    const gap = /^[ \t]+/.exec(value.slice(at))?.[0].length ?? 0;
    if (at < value.length && gap === 0) return { ok: false, reason: 'unquoted' };
    if (at + gap >= value.length && gap > 0) return { ok: false, reason: 'unquoted' };
    at += gap;
  }
  return strings.length === 0 ? { ok: false, reason: 'unquoted' } : { ok: true, strings };
};
