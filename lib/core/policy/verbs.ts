import { typedVerbs } from '../grammar/table.ts';

/**
 * Rights that `*` does not include, so that a grant has to name them: asking a mail server about a recipient and sending it a mail, which reach people outside
 * this bot's names; and undoing at once everything that another person changed in a while.
 */
const onlyByName: readonly string[] = ['check:rcpt', 'check:deliver', 'undo:others'];

/** Every word that a grant's `verbs` may hold besides `*`: the commands, the App Home, and the rights that stand for a part of a command. */
export const grantVerbs: readonly string[] = [...typedVerbs, 'home', ...onlyByName];

/** A right that goes with another: whoever may keep the alerts of a name back may say that they look after it. */
const impliedBy: Readonly<Record<string, string>> = { acknowledge: 'mute' };

/** Whether a grant's `verbs` include a verb. */
export const includesVerb = (verbs: readonly string[], verb: string): boolean => {
  const stronger = impliedBy[verb];
  return (
    verbs.includes(verb) ||
    (stronger !== undefined && verbs.includes(stronger)) ||
    (verbs.includes('*') && !onlyByName.includes(verb))
  );
};
