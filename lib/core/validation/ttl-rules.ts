import type { Finding } from '../endpoint/finding.ts';
import { printable } from '../endpoint/printable.ts';
import { unexpectedCharacterText } from '../endpoint/unexpected-character.ts';
import type { PolicyDocument } from '../policy/policy.ts';

const secondsIn: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3600 };

/** The TTL that was meant, in seconds: a duration written with its unit, and what is out of range brought to its edge. */
export const suggestTtl = (text: string, { ttl }: Pick<PolicyDocument, 'ttl'>): string | undefined => {
  const match = /^(\d{1,10}(?:\.\d{1,3})?)\s*(s|sec|m|min|h)?$/i.exec(text.trim());
  if (match?.[1] === undefined) return undefined;
  const seconds = Math.round(Number(match[1]) * (secondsIn[match[2]?.toLowerCase() ?? 's'] ?? 1));
  return String(Math.min(Math.max(seconds, ttl.minimum), ttl.maximum));
};

/** The rule ttl-range: a whole number of seconds within policy. `undefined` is the policy's default. */
export const checkTtl = (
  text: string | undefined,
  policy: Pick<PolicyDocument, 'ttl'>,
): { readonly ttlSeconds: number | undefined; readonly findings: readonly Finding[] } => {
  const { minimum, maximum } = policy.ttl;
  if (text === undefined) return { ttlSeconds: policy.ttl.default, findings: [] };
  const whole = /^(?:0|[1-9]\d*)$/.test(text);
  const seconds = Number(text);
  if (whole && seconds >= minimum && seconds <= maximum) return { ttlSeconds: seconds, findings: [] };
  const suggestion = suggestTtl(text, policy);
  const said = printable(text);
  const wrong = !whole
    ? `"${said}" is not a whole number of seconds.${unexpectedCharacterText(text)}`
    : seconds < minimum
      ? `${said} s is below ${minimum} s; resolvers would ask all the time.`
      : `${said} s is above ${maximum} s; a failover would take that long.`;
  const right = `Use ${minimum} to ${maximum}${suggestion === undefined ? '' : `, for example ${suggestion}`}.`;
  return { ttlSeconds: undefined, findings: [{ id: 'ttl-range', severity: 'block', argument: 'ttl', wrong, right }] };
};
