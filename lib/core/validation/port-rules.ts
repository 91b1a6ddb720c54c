import type { Finding, RuleId } from '../endpoint/finding.ts';
import { printable } from '../endpoint/printable.ts';
import { unexpectedCharacterText } from '../endpoint/unexpected-character.ts';
import type { PolicyDocument } from '../policy/policy.ts';

/** Postal's own default. */
const defaultPort = 25;

const services: ReadonlyMap<string, string> = new Map([
  ['smtp', '25'],
  ['smtps', '465'],
  ['submissions', '465'],
  ['submission', '587'],
]);

/** What Postal's socket makes of a port: its lowest 16 bits. */
const wrapped = (digits: string): string => String(((BigInt(digits) % 65_536n) + 65_536n) % 65_536n);

/** The port that was meant, where that is known: a service's name, leading zeros; else the one that nearly everyone uses. */
export const suggestPort = (text: string, { ports }: Pick<PolicyDocument, 'ports'>): string | undefined => {
  const plain = /^0*([1-9]\d{0,4})$/.exec(text.trim())?.[1] ?? services.get(text.trim().toLowerCase());
  if (plain !== undefined && ports.includes(Number(plain))) return plain;
  // A number that is no port says nothing of the port that was meant; one that is a port was meant, and is not allowed.
  const outOfRange = !/^[1-9]\d*$/.test(text) || Number(text) > 65_535;
  const usual = ports.includes(defaultPort) ? defaultPort : ports[0];
  return outOfRange && usual !== undefined ? String(usual) : undefined;
};

const rangeMistake = (text: string): string | undefined => {
  const said = printable(text);
  if (!/^-?\d+$/.test(text)) return `"${said}" is not a port.${unexpectedCharacterText(text)}`;
  if (/^-?0+$/.test(text)) return '0 is below 1. Nothing listens on port 0.';
  if (text.startsWith('-')) return `${said} is below 1. Postal would connect to port ${wrapped(text)}.`;
  if (text.startsWith('0')) return `${said} has a leading zero.`;
  return text.length > 5 || Number(text) > 65_535
    ? `${said} is above 65535. Postal would connect to port ${wrapped(text)}.`
    : undefined;
};

/** The rules of a port: port-range and port-allowed. Both block. `undefined` is the default, 25. */
export const checkPort = (
  text: string | undefined,
  policy: Pick<PolicyDocument, 'ports'>,
): { readonly port: number | undefined; readonly findings: readonly Finding[] } => {
  const finding = (id: RuleId, wrong: string, right: string): Finding => ({
    id,
    severity: 'block',
    argument: 'port',
    wrong,
    right,
  });
  const allowed = policy.ports.join(', ');
  const suggestion = text === undefined ? undefined : suggestPort(text, policy);
  const mistake = text === undefined ? undefined : rangeMistake(text);
  if (mistake !== undefined) {
    const right = `Use a whole number from 1 to 65535${suggestion === undefined ? '' : `, most often ${suggestion}`}.`;
    return { port: undefined, findings: [finding('port-range', mistake, right)] };
  }
  const port = text === undefined ? defaultPort : Number(text);
  if (policy.ports.includes(port)) return { port, findings: [] };
  const said = text === undefined ? `${port}, the default,` : String(port);
  return {
    port: undefined,
    findings: [finding('port-allowed', `Port ${said} is not allowed here.`, `Use one of ${allowed}.`)],
  };
};
