import type { Verb } from '../grammar/command.ts';

/** Every word that a grant's `verbs` may hold besides `*`: the commands, and the rights that stand for a part of one. */
const known = {
  add: true,
  update: true,
  remove: true,
  adopt: true,
  undo: true,
  failover: true,
  show: true,
  list: true,
  check: true,
  'check:rcpt': true,
  'check:deliver': true,
  history: true,
  drift: true,
  pending: true,
  approve: true,
  reject: true,
  cancel: true,
  explain: true,
  mute: true,
  unmute: true,
  status: true,
  doctor: true,
  whoami: true,
  home: true,
} as const satisfies Readonly<Record<Verb, true>> & Readonly<Record<string, true>>;

export const grantVerbs: readonly string[] = Object.keys(known);

/**
 * Rights that `*` does not include, because they reach people outside this bot's names: asking a mail server about a recipient, and sending it a mail.
 * They are had only where a grant names them.
 */
const onlyByName: ReadonlySet<string> = new Set<keyof typeof known>(['check:rcpt', 'check:deliver']);

/** Whether a grant's `verbs` include a verb. */
export const includesVerb = (verbs: readonly string[], verb: string): boolean =>
  verbs.includes(verb) || (verbs.includes('*') && !onlyByName.has(verb));
