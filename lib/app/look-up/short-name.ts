import { parseHostname } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { Command } from '../../core/grammar/command.ts';
import { isMuteOfMany } from '../../core/watch/mute/mute-scope.ts';
import { permitted } from '../authorise/permitted.ts';
import type { Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';

/** Verbs that are about names that are registered already. */
const verbs = [
  'show',
  'check',
  'history',
  'drift',
  'mute',
  'unmute',
  'update',
  'remove',
  'failover',
  'adopt',
  'list',
  'report',
] as const;
/** Verbs whose hostname may be a scope: a pattern, a target, an owner, or `all`. */
const scoped: ReadonlySet<Command['verb']> = new Set(['mute', 'unmute', 'list', 'report']);

const isAboutRegistered = (command: Command): command is Extract<Command, { verb: (typeof verbs)[number] }> =>
  verbs.some((verb) => verb === command.verb);

/** What a name that lies in no zone is short for, among the registered names that the person may use the verb for. */
export type ShortName =
  | { readonly kind: 'full' }
  | { readonly kind: 'one'; readonly request: Request }
  | { readonly kind: 'several'; readonly short: string; readonly hostnames: readonly string[] }
  | { readonly kind: 'none'; readonly short: string };

/** Reads the hostname of a command as the beginning of a registered name, where it lies in no zone of the policy. */
export const readShortName = async (ports: Ports, request: Request, signal: AbortSignal): Promise<ShortName> => {
  const { command, text } = request;
  if (!isAboutRegistered(command) || command.hostname === undefined) return { kind: 'full' };
  if (scoped.has(command.verb) && isMuteOfMany(command.hostname)) return { kind: 'full' };
  const parsed = parseHostname(command.hostname);
  if (!('hostname' in parsed) || zoneOf(parsed.hostname, ports.policy.zones) !== undefined) return { kind: 'full' };
  const short = parsed.hostname;
  const beginning = (await listRegistered(ports.state, signal))
    .map(({ definition }) => definition.hostname)
    .filter((hostname) => hostname.startsWith(`${short}.`));
  const isShown = beginning.length === 0 ? () => false : await permitted(ports, request, signal);
  const [first, ...others] = beginning.filter(isShown);
  if (first === undefined)
    // A full name may lie outside the zones; one label alone never does.
    return short.includes('.') || command.verb === 'check' ? { kind: 'full' } : { kind: 'none', short };
  if (others.length > 0) return { kind: 'several', short, hostnames: [first, ...others] };
  const words = text.split(' ').map((word) => (word === command.hostname ? first : word));
  return {
    kind: 'one',
    request: { ...request, command: { ...command, hostname: first }, text: words.join(' '), shortName: short },
  };
};
