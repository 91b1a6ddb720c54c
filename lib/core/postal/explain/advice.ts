import type { Advice, AdviceFacts, Text } from './advice-words.ts';
import { faultAdvice } from './fault-advice.ts';
import { outcomeAdvice } from './outcome-advice.ts';
import { isOwn, type OwnCode, ownSentence } from './own-sentences.ts';
import { replyAdvice } from './reply-advice.ts';
import type { SignatureCode } from './signature-code.ts';

const advices: Readonly<Record<Exclude<SignatureCode, OwnCode>, Advice>> = {
  ...outcomeAdvice,
  ...faultAdvice,
  ...replyAdvice,
};

const ownAdvice = (code: OwnCode): Advice => ownSentence(code) ?? { meaning: '', remedy: '' };

const text = (advice: Text, facts: AdviceFacts): string => (typeof advice === 'string' ? advice : advice(facts)).trim();

/** Meaning and remedy of a signature. Both contain names exactly as in the pasted text. */
export const adviceOn = (
  code: SignatureCode,
  facts: AdviceFacts,
): { readonly meaning: string; readonly remedy: string } => {
  const { meaning, remedy } = isOwn(code) ? ownAdvice(code) : advices[code];
  const sentence = text(meaning, facts);
  // Capitalises only our own "the": a hostname at the beginning stays as it is.
  return { meaning: sentence.replace(/^the /, 'The '), remedy: text(remedy, facts) };
};
