import type { ReplyCode, ReplyPhase } from '../reply-code.ts';

/** What a text means, where phase and status allow for it. */
export type Rule = {
  readonly code: ReplyCode;
  readonly says: RegExp;
  /** Only there; absent: anywhere. */
  readonly phase?: ReplyPhase;
  /** Only in a refusal that another attempt may overcome. */
  readonly isTemporary?: true;
  /** Says only that an address is refused: the enhanced code may say whose it is, or that nobody has it. */
  readonly isVague?: true;
};

/** Phrases of cleaned text. A space may be missing where the text was wrapped. */
export const rule = (code: ReplyCode, phrases: readonly string[], when: Omit<Rule, 'code' | 'says'> = {}): Rule => ({
  code,
  says: new RegExp(phrases.join('|').replaceAll(' ', ' ?')),
  ...when,
});
