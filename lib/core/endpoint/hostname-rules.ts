import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Finding, RuleId } from './finding.ts';
import { printable } from './printable.ts';
import { unexpectedCharacterText } from './unexpected-character.ts';

/** Octets of a label, RFC 1035 §2.3.4. */
const longestLabel = 63;
/** Octets of a name without its trailing dot: 255 on the wire less the first length and the root. */
export const longestName = 253;

/**
 * Whether a text is an address or would be read as one by some resolver: any IPv4 or IPv6 notation, in brackets, with a port, a prefix
 * length or a zone id, and the short, octal and hexadecimal forms of inet_aton.
 */
export const readsAsAddress = (text: string): boolean => {
  const bare = text
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/\/\d+$/, '')
    .replace(/^([\d.]+):\d+$/, '$1');
  return isIP(bare) !== 0 || /^(?:\d+|0x[\da-f]+)(?:\.(?:\d+|0x[\da-f]+))*$/i.test(bare);
};

/** The `xn--` form of a name that is not ASCII, or undefined where it has none. */
export const asciiForm = (name: string): string | undefined => {
  const ascii = domainToASCII(name);
  return /^[a-z0-9.-]+$/.test(ascii) && !readsAsAddress(ascii) ? ascii : undefined;
};

const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

/** What is wrong with the characters of an ASCII name, one sentence a mistake. */
const syntaxMistakes = (name: string): readonly string[] => {
  const said = printable(name);
  const labels = name.split('.');
  const strange = [...new Set(name.match(/[^a-z0-9.-]/g) ?? [])].filter((character) => character !== '*');
  return [
    ...(name.includes('*') ? [`${said} is a wildcard; an endpoint is one name.`] : []),
    ...(strange.length > 0
      ? [
          `${said} contains ${strange.map((character) => `"${printable(character)}"`).join(', ')}, which a host name cannot contain.`,
        ]
      : []),
    ...(labels.includes('') ? [`${said} has an empty label: one dot too many.`] : []),
    ...(labels.some((label) => label.startsWith('-') || label.endsWith('-'))
      ? [`${said} has a label that starts or ends with a hyphen.`]
      : []),
  ];
};

type NameAdvice = {
  /** Octets that the name may have; default 253. */
  readonly maximumOctets?: number;
  /** Why it is less than 253. */
  readonly because?: string;
  /** The name that was most likely meant. */
  readonly suggestion?: string | undefined;
  /** A name that would be right. */
  readonly example?: string;
};

/** The rules of a host name that need no policy, over a name that is already normalised. All of them block. */
export const hostnameFindings = (name: string, known: NameAdvice = {}): readonly Finding[] => {
  const { maximumOctets = longestName, because = '', suggestion, example = 'gitlab.mail.corp.internal' } = known;
  const advice =
    suggestion === undefined
      ? `Use labels of a-z, 0-9 and inner hyphens, for example ${example}.`
      : `Try ${suggestion}.`;
  const finding = (id: RuleId, wrong: string, right: string): Finding => ({
    id,
    severity: 'block',
    argument: 'hostname',
    wrong,
    right,
  });

  if (name === '') return [finding('hostname-syntax', 'The hostname is empty.', advice)];
  if (readsAsAddress(name)) {
    const verb = isIP(name.replace(/^\[|\]$/g, '')) === 0 ? 'reads as' : 'is';
    return [
      finding(
        'hostname-is-ip',
        `${printable(name)} ${verb} an address. Postal never delivers to one ("No hosts to try").`,
        `Try ${suggestion ?? example}.`,
      ),
    ];
  }

  const ascii = isAscii(name) ? name : asciiForm(name);
  const measured = ascii ?? name;
  const meant = suggestion ?? ascii;
  const idnAdvice = meant === undefined ? advice : `${meant.includes('xn--') ? 'Use its xn-- form:' : 'Try'} ${meant}.`;
  const octets = Buffer.byteLength(measured);
  const long = measured.split('.').filter((label) => Buffer.byteLength(label) > longestLabel);
  return [
    ...(isAscii(name)
      ? syntaxMistakes(name).map((wrong) => finding('hostname-syntax', wrong, advice))
      : [
          finding(
            'idn',
            `${printable(name)} is not ASCII; Postal cannot save it.${unexpectedCharacterText(name)}`,
            idnAdvice,
          ),
        ]),
    ...long.map((label) =>
      finding(
        'label-length',
        `The label ${printable(label)} has ${Buffer.byteLength(label)} octets; DNS allows ${longestLabel}.`,
        `Use at most ${longestLabel}.`,
      ),
    ),
    ...(octets > maximumOctets
      ? [
          finding(
            'name-length',
            `The name has ${octets} octets; ${maximumOctets} fit${because}.`,
            `Use at most ${maximumOctets}.`,
          ),
        ]
      : []),
  ];
};
