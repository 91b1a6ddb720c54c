import { classify } from './classify.ts';
import { readReply } from './find-replies.ts';
import { spokenProtocol } from './foreign-protocol.ts';
import type { ReplyCode, ReplyPhase } from './reply-code.ts';

/** What a mail server means by what it said in reply's place; undefined where it is neither SMTP nor a protocol that is known. */
export const meaningOf = (said: string, phase: ReplyPhase): ReplyCode | undefined => {
  if (phase === 'connecting' && spokenProtocol(said) !== undefined) return 'reply-wrong-protocol';
  const reply = readReply(said);
  return reply === undefined ? undefined : classify(reply, phase);
};
