import { distance } from 'fastest-levenshtein';
import { type SslMode, sslModes } from '../endpoint/definition.ts';
import type { Finding, RuleId } from '../endpoint/finding.ts';
import { printable } from '../endpoint/printable.ts';
import { unexpectedCharacterText } from '../endpoint/unexpected-character.ts';
import type { PostalProfile } from '../postal/profile.ts';
import { brokenStarttlsText, hasBrokenStarttls } from '../postal/releases.ts';

const defaultSslMode: SslMode = 'Auto';

/** Other programs' words for Postal's modes. */
const synonyms: ReadonlyMap<string, SslMode> = new Map([
  ['ssl', 'TLS'],
  ['ssl/tls', 'TLS'],
  ['smtps', 'TLS'],
  ['implicit', 'TLS'],
  ['start-tls', 'STARTTLS'],
  ['start_tls', 'STARTTLS'],
  ['explicit', 'STARTTLS'],
  ['automatic', 'Auto'],
  ['opportunistic', 'Auto'],
  ['plain', 'None'],
  ['plaintext', 'None'],
  ['off', 'None'],
  ['no', 'None'],
]);

/** The mode that was meant, where that is known. */
export const suggestSslMode = (text: string): SslMode | undefined => {
  const word = text.trim().toLowerCase();
  const synonym = synonyms.get(word);
  if (synonym !== undefined) return synonym;
  if (/^(?:tls|ssl)v?\d(?:\.\d)?$/.test(word)) return 'TLS';
  return word.length > 20
    ? undefined
    : sslModes.find((mode) => distance(word, mode.toLowerCase()) === 1 || word === mode.toLowerCase());
};

/** The rule ssl-mode: one of Postal's four values, in any case. `undefined` is Auto. */
export const checkSslMode = (
  text: string | undefined,
): { readonly sslMode: SslMode | undefined; readonly findings: readonly Finding[] } => {
  if (text === undefined) return { sslMode: defaultSslMode, findings: [] };
  const sslMode = sslModes.find((mode) => mode.toLowerCase() === text.trim().toLowerCase());
  if (sslMode !== undefined) return { sslMode, findings: [] };
  const suggestion = suggestSslMode(text);
  const right = `${suggestion === undefined ? '' : `Perhaps ${suggestion}. `}Postal has None, Auto, STARTTLS and TLS.`;
  return {
    sslMode: undefined,
    findings: [
      {
        id: 'ssl-mode',
        severity: 'block',
        argument: 'ssl-mode',
        wrong: `Postal has no SSL mode "${printable(text)}".${unexpectedCharacterText(text)}`,
        right,
      },
    ],
  };
};

/** What a valid SSL mode will do on a port, where that is rarely what was meant. Warnings only. */
export const sslModeWarnings = (
  sslMode: SslMode,
  port: number | undefined,
  { version }: Pick<PostalProfile, 'version'>,
): readonly Finding[] => {
  const warning = (id: RuleId, wrong: string, right: string): Finding => ({
    id,
    severity: 'warn',
    argument: 'ssl-mode',
    wrong,
    right,
  });
  return [
    ...(sslMode === 'STARTTLS' && hasBrokenStarttls(version)
      ? [
          warning(
            'ssl-mode-starttls',
            brokenStarttlsText(version),
            'Use Auto (encrypted where offered, unverified) or TLS (implicit, verified).',
          ),
        ]
      : []),
    ...(sslMode === 'TLS' && (port === 25 || port === 587)
      ? [
          warning(
            'ssl-mode-port',
            `TLS means implicit TLS; port ${port} usually greets in plaintext.`,
            `Use Auto on ${port}, or TLS on 465.`,
          ),
        ]
      : []),
    ...(sslMode !== 'TLS' && port === 465
      ? [
          warning(
            'ssl-mode-port',
            `Port 465 usually speaks implicit TLS; ${sslMode} waits for a plaintext greeting.`,
            'Use TLS on 465.',
          ),
        ]
      : []),
    ...(sslMode === 'None'
      ? [warning('ssl-mode-none', 'None sends mail in plaintext, even where the server offers STARTTLS.', 'Use Auto.')]
      : []),
  ];
};
