import type { Finding } from './finding.ts';
import { hostnameFindings } from './hostname-rules.ts';

declare const hostnameBrand: unique symbol;

/** A host name in lower case, without trailing dot, that Postal can save and DNS can hold (RFC 1123). Made only by `parseHostname`. */
export type Hostname = string & { readonly [hostnameBrand]: true };

/**
 * Lower case, one trailing dot dropped. Only ASCII is folded, as DNS does (RFC 4343): Unicode's folding would turn a Kelvin sign into a `k`.
 */
export const normaliseName = (text: string): string =>
  (text.endsWith('.') ? text.slice(0, -1) : text).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const isHostname = (name: string, findings: readonly Finding[]): name is Hostname =>
  findings.length === 0 && name !== '';

/** Reads a host name by the rules that need no policy: syntax, lengths, ASCII, not an address. All findings block. */
export const parseHostname = (
  text: string,
): { readonly hostname: Hostname } | { readonly findings: readonly Finding[] } => {
  const name = normaliseName(text);
  const findings = hostnameFindings(name);
  return isHostname(name, findings) ? { hostname: name } : { findings };
};
