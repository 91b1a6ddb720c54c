import { typedVerbs } from '../grammar/table.ts';

/**
 * Rights that `*` does not include, because they reach people outside this bot's names: asking a mail server about a recipient, and sending it a mail.
 * They are had only where a grant names them.
 */
const onlyByName: readonly string[] = ['check:rcpt', 'check:deliver'];

/** Every word that a grant's `verbs` may hold besides `*`: the commands, the App Home, and the rights that stand for a part of a command. */
export const grantVerbs: readonly string[] = [...typedVerbs, 'home', ...onlyByName];

/** Whether a grant's `verbs` include a verb. */
export const includesVerb = (verbs: readonly string[], verb: string): boolean =>
  verbs.includes(verb) || (verbs.includes('*') && !onlyByName.includes(verb));
