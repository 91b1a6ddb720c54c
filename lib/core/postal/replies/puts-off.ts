import { meaningOf } from './meaning.ts';
import type { ReplyPhase } from './reply-code.ts';

/** Whether a refusal may be meant for this client alone, or for this moment: it says nothing of what the server does to Postal. */
export const putsOff = (said: string, phase: ReplyPhase): boolean => {
  if (!said.startsWith('4')) return false;
  const code = meaningOf(said, phase);
  return (
    code === 'reply-busy' ||
    code === 'reply-greylisted' ||
    code === 'reply-first-contact' ||
    (code === 'reply-temporary' && said.startsWith('421'))
  );
};
