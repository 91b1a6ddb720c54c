import type { ReplyCode, ReplyPhase } from '../reply-code.ts';

/** What a text means, where phase and status allow for it. */
export type Rule = {
  readonly code: ReplyCode;
  readonly says: (text: string) => boolean;
  /** Only there; absent: anywhere. */
  readonly phase?: ReplyPhase;
  /** Only in a refusal that another attempt may overcome. */
  readonly isTemporary?: true;
  /** Says only that an address is refused: the enhanced code may say whose it is, or that nobody has it. */
  readonly isVague?: true;
};

/** Subjects and predicates that servers have many words for; a phrase names them in braces, such as `{who} {absent}`. */
const vocabulary: Readonly<Record<string, string>> = {
  who: 'users?|recipients?|mail ?box(?:es)?|accounts?|(?<!\\bip )address(?:es)?|addressees?|alias(?:es)?|inbox(?:es)?|person|customers?|subscribers?|local[- ]part',
  /** What an address leads to. */
  box: 'users?|recipients?|mail ?box(?:es)?|accounts?|addressees?|inbox(?:es)?|customers?|local[- ]part',
  mail: 'e-?mails?|mails?|messages?',
  sender: 'sender(?:.s)?|(?:mail)?from|mail from|return.?path|envelope',
  absent:
    '(?:does |do |did |is |are |was |could )?(?:not|n.t) (?:be )?(?:currently )?(?:exist(?:ing)?|found|known|here|valid|present|listed|recogni[sz]ed|registered|in (?:our|the|this|any) (?:\\S{1,12} )?(?:directory|database|post office|system|organi[sz]ation|list|table))|(?:does|is|could|was|are)n.t (?:be )?(?:exist|found|known|here|valid|listed|recogni[sz]ed)|unknown|unallocated|non-?existent|no longer (?:valid|on|here|active|exists|available|with)',
  off: 'disabled|inactive|de-?activated|suspended|locked|blocked|closed|expired|terminated|frozen|archived|retired|abandoned|dormant|discontinued|(?:switch|turn)ed off|not (?:active|enabled|activated)|on hold',
  bad: 'invalid|bad|bogus|illegal|malformed|incorrect|wrong|unacceptable|improper|faulty|unknown|forged|fake',
  refused:
    '(?:refus|reject|den[iy]|declin|block|bann|prohibit|forbid|disallow|not (?:be |being )?(?:accept|allow|permit|authori[sz]|welcome))\\w*',
};

const expanded = (phrase: string): string =>
  phrase.replace(/\{([a-z]+)\}/g, (_, word: string) => `(?:${vocabulary[word]})`);

/** Phrases of cleaned text. A space may be missing where the text was wrapped. The pattern is made when it is first needed. */
export const rule = (code: ReplyCode, phrases: readonly string[], when: Omit<Rule, 'code' | 'says'> = {}): Rule => {
  let pattern: RegExp | undefined;
  return {
    code,
    says: (text) => {
      pattern ??= new RegExp(expanded(phrases.join('|')).replaceAll(' ', ' ?'));
      return pattern.test(text);
    },
    ...when,
  };
};
