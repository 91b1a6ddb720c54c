import { isIPv6 } from 'node:net';
import { type Hostname, normaliseName, parseHostname } from './hostname.ts';
import { asciiForm } from './hostname-rules.ts';
import { embeddedIpv4, type IpAddress, parseIpAddress } from './ip-address.ts';
import { printable } from './printable.ts';
import { unexpectedCharacterText, withoutUnexpected } from './unexpected-character.ts';

/** One target as written: an address, a name, or neither. `fix` is the text that was meant, where that is known. */
export type TargetText =
  | { readonly kind: 'address'; readonly address: IpAddress }
  | { readonly kind: 'name'; readonly name: Hostname }
  | { readonly kind: 'invalid'; readonly wrong: string; readonly right: string; readonly fix: string | undefined };

const invalid = (wrong: string, right: string, fix?: string): TargetText => ({ kind: 'invalid', wrong, right, fix });

/** Without brackets, port, prefix length and the punctuation that people paste along. */
const bareTarget = (text: string): string =>
  text
    .replace(/^["'`<(]+|["'`>),.;]+$/g, '')
    .replace(/\/(?:32|128)$/, '')
    .replace(/^\[([^\]]*)\](?::\d{1,5})?$/, '$1')
    .replace(/^([^:]+):\d{1,5}$/, '$1');

const explainNumbers = (text: string): TargetText => {
  const parts = text.split('.');
  const said = printable(text);
  if (/^0x/i.test(text) || parts.some((part) => /^0x/i.test(part)))
    return invalid(`${said} is not written in decimal.`, 'Write four decimal parts, as in 10.0.4.12.');
  if (parts.length !== 4)
    return invalid(
      `${said} is not an IPv4 address: it has ${parts.length} of 4 parts.`,
      'Write all four, as in 10.0.4.12.',
    );
  const above = parts.find((part) => Number(part) > 255);
  if (above !== undefined)
    return invalid(
      `${said} is not an IPv4 address: ${printable(above)} is above 255.`,
      'Each of the four parts is 0 to 255.',
    );
  return invalid(
    `${said} has a leading zero, which some programs read as octal.`,
    'Write each part without leading zeros.',
  );
};

const explain = (text: string): TargetText => {
  const said = printable(text);
  if (text === '') return invalid('A target is empty.', 'Give an address, as in 10.0.4.12, or one name.');
  const bare = bareTarget(text);
  const meant = bare === text ? undefined : readTarget(bare);
  if (meant !== undefined && meant.kind !== 'invalid') {
    const fix = meant.kind === 'address' ? meant.address.text : meant.name;
    return invalid(`${said} is more than an address or a name.`, `Write ${fix}.`, fix);
  }
  const unexpected = unexpectedCharacterText(text);
  if (unexpected !== '') {
    const plain = withoutUnexpected(text);
    const intended = plain === text ? undefined : readTarget(plain);
    if (intended !== undefined && intended.kind !== 'invalid') {
      const fix = intended.kind === 'address' ? intended.address.text : intended.name;
      return invalid(`${said} holds a character that is not expected.${unexpected}`, `Write ${fix}.`, fix);
    }
  }
  if (text.includes('%') && isIPv6(text))
    return invalid(
      `${said} has a zone id, which means something on one machine only.`,
      'Give an address that is reachable without one.',
    );
  if (/^(?:\d+|0x[\da-f]+)(?:\.(?:\d+|0x[\da-f]+))*$/i.test(text)) return explainNumbers(text);
  if (text.includes(':')) return invalid(`${said} is not an IPv6 address.`, 'Write one as in fd00::12.');
  const ascii = asciiForm(normaliseName(text));
  const fix =
    ascii !== undefined && ascii !== normaliseName(text) && 'hostname' in parseHostname(ascii) ? ascii : undefined;
  const parsed = parseHostname(text);
  const why = 'findings' in parsed ? parsed.findings.map((finding) => finding.wrong).join(' ') : '';
  return invalid(
    `${said} is neither an address nor a name. ${why}`.trimEnd(),
    fix === undefined ? 'Give an address, as in 10.0.4.12, or one name.' : `Write ${fix}.`,
    fix,
  );
};

/** Reads one target: a strict IPv4 or IPv6 address, or a host name. */
export const readTarget = (text: string): TargetText => {
  const address = parseIpAddress(text);
  const embedded = address === undefined ? undefined : embeddedIpv4(address);
  if (embedded !== undefined)
    return invalid(
      `${printable(text)} is an IPv4 address written as IPv6; nothing can connect to it by AAAA.`,
      `Write ${embedded}.`,
      embedded,
    );
  if (address !== undefined) return { kind: 'address', address };
  const parsed = parseHostname(text);
  // A name whose last label is a number is read as an address by some resolvers (WHATWG URL, "ends in a number").
  const endsInNumber = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(text);
  return 'hostname' in parsed && !endsInNumber ? { kind: 'name', name: parsed.hostname } : explain(text);
};
