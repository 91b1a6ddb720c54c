import { understandLine } from './grammar.ts';
import { textFromSlack } from './slack-text.ts';
import type { Understood } from './understood.ts';

/** What a mention of the bot may ask for: it reads, checks, mutes and takes incidents over, and changes no name. */
const allowed: ReadonlySet<string> = new Set([
  'show',
  'list',
  'check',
  'history',
  'drift',
  'explain',
  'status',
  'doctor',
  'whoami',
  'mute',
  'unmute',
  'acknowledge',
]);

/** What an incident's thread knows without being told. */
export type ThreadSubject = {
  readonly incidentId: string;
  /** The endpoints that still suffer. */
  readonly hostnames: readonly string[];
  /** What `mute` covers: its target, or its only hostname; undefined where it has neither. */
  readonly scope: string | undefined;
};

export type MentionUnderstood =
  | { readonly kind: 'understood'; readonly understood: Extract<Understood, { kind: 'command' | 'help' | 'mistaken' }> }
  /** `check` of several endpoints of an incident. */
  | { readonly kind: 'check-these'; readonly hostnames: readonly string[] }
  | { readonly kind: 'not-here'; readonly verb: string };

const withSubject = (verb: string, rest: string, subject: ThreadSubject): string | undefined => {
  const [only, ...others] = subject.hostnames;
  const one = others.length === 0 ? only : undefined;
  const named =
    verb === 'acknowledge' ? subject.incidentId : verb === 'mute' || verb === 'unmute' ? subject.scope : one;
  return named === undefined ? undefined : `${verb} ${named} ${rest}`.trim();
};

/** Reads what was said to the bot. In an incident's thread, what the command line lacks is the incident's. */
export const understandMention = (said: string, subject: ThreadSubject | undefined): MentionUnderstood => {
  const text = textFromSlack(said);
  const [word = '', ...words] = text.trim().split(/\s+/);
  const verb = word.toLowerCase();
  const understood = understandLine(text);
  if (verb !== '' && verb !== 'help' && !allowed.has(verb)) {
    if (understood.kind === 'mistaken') return { kind: 'understood', understood };
    return { kind: 'not-here', verb };
  }
  if (understood.kind === 'form') return { kind: 'not-here', verb };
  if (understood.kind === 'command') {
    const { command } = understood;
    const touches = command.verb === 'check' && (command.rcpt !== undefined || command.deliver);
    return touches ? { kind: 'not-here', verb: 'check --rcpt' } : { kind: 'understood', understood };
  }
  if (understood.kind === 'help' || subject === undefined) return { kind: 'understood', understood };
  if (verb === 'check' && words.length === 0 && subject.hostnames.length > 1)
    return { kind: 'check-these', hostnames: subject.hostnames };
  const line = withSubject(verb, words.join(' '), subject);
  const again = line === undefined ? understood : understandLine(line);
  return { kind: 'understood', understood: again.kind === 'command' ? again : understood };
};
