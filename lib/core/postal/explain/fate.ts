import type { FoundReply } from '../replies/find-replies.ts';
import type { ExplainStage, Fate } from './explanation.ts';
import { type OwnCode, ownSentence } from './own-sentences.ts';
import type { OutcomeCode, SignatureCode } from './signature-code.ts';
import type { Phase } from './stages.ts';

const outcomeFates: Readonly<Record<Exclude<OutcomeCode, OwnCode>, Fate>> = {
  'no-hosts': 'retried',
  'none-connected': 'retried',
  'no-server': 'retried',
  'cannot-connect': 'retried',
  'plaintext-retry': 'open',
  connected: 'open',
  accepted: 'sent',
  'accepted-cut': 'open',
  temporary: 'retried',
  permanent: 'bounced',
  'delivery-error': 'open',
  'send-error': 'retried',
  'internal-error': 'retried',
};

/** A reply without Postal's own words: from MAIL on 5xx but 50x and 53x fails for good; before that every refusal is only an address that did not work. */
const replyFate = ({ status }: FoundReply, stages: readonly ExplainStage[]): Fate => {
  if (status < 300) return 'sent';
  const failsForGood = status >= 500 && Math.floor(status / 10) !== 50 && Math.floor(status / 10) !== 53;
  if (!failsForGood) return 'retried';
  const early = stages.filter((stage) => stage === 'banner' || stage === 'ehlo' || stage === 'starttls').length;
  return early === 0 ? 'bounced' : early === stages.length ? 'retried' : 'open';
};

const fateOfOutcome = (code: SignatureCode): Fate | undefined =>
  ownSentence(code)?.fate ?? (isKnown(code) ? outcomeFates[code] : undefined);
const isKnown = (code: SignatureCode): code is keyof typeof outcomeFates => Object.hasOwn(outcomeFates, code);

/** What happens to the message: by the outcome that it belongs to, else by itself. */
export const fateOf = (
  code: SignatureCode,
  outcome: OutcomeCode | undefined,
  reply: FoundReply | undefined,
  stages: readonly ExplainStage[],
): Fate => {
  const byOutcome = fateOfOutcome(outcome ?? code) ?? 'open';
  if (byOutcome !== 'open') return byOutcome;
  if (reply !== undefined) return stages.includes('data') ? 'retried' : replyFate(reply, stages);
  switch (code) {
    case 'bounce-sent':
      return 'bounced';
    case 'suppression-changed':
    case 'accepted-or-held':
    case 'destination-not-permitted':
      return 'open';
    case 'plaintext-retry':
    case 'without-tls':
    case 'connected':
    case 'accepted-cut':
    case 'delivery-error':
      return 'open';
    default:
      return outcome === 'plaintext-retry' ? 'open' : 'retried';
  }
};

const schedule =
  'It tries again after 5 minutes, then at growing intervals: 18 attempts in about 31 hours by default, then it gives up and bounces';

const inTime = (seconds: number): string =>
  seconds < 120
    ? `${seconds} seconds`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} minutes`
      : `${Math.round(seconds / 3600)} hours`;

/** What Postal does next, in a sentence or two. `hintSeconds` is what a reply asked for; Postal heeds it from MAIL on. */
export const whatPostalDoes = (
  code: SignatureCode,
  outcome: OutcomeCode | undefined,
  fate: Fate,
  phase: Phase,
  hintSeconds: number | undefined,
): string => {
  if (code === 'plaintext-retry' || code === 'without-tls' || outcome === 'plaintext-retry') {
    return 'SSL mode Auto: it connects to the same address again at once and sends in plaintext.';
  }
  const own = ownSentence(outcome ?? code) ?? ownSentence(code);
  if (own !== undefined) return own.postal;
  switch (code) {
    case 'connected':
      return 'It sends the message over this connection; whether that worked is in the lines that follow.';
    case 'accepted-cut':
      return 'Paste the whole line to know.';
    case 'no-hosts':
      return `It keeps the message. ${schedule}.`;
    default:
      break;
  }
  switch (fate) {
    case 'sent':
      return 'Nothing more: for Postal the message is sent.';
    case 'bounced':
      return 'It fails the message at once and bounces it to the sender. It does not try again.';
    case 'held':
      return 'It keeps the message until a person releases it.';
    case 'processed':
      return 'Nothing more: for Postal the message is done.';
    case 'lost':
      return 'It has failed the message for good, without a bounce.';
    case 'retried': {
      if (hintSeconds !== undefined && (phase === 'transaction' || phase === 'data')) {
        return `It tries again in ${inTime(hintSeconds)}, as the reply asked (10 seconds added); 18 attempts in all by default, then it gives up and bounces.`;
      }
      const next =
        phase === 'data'
          ? 'It keeps the message, whatever the code of a refusal of DATA is. '
          : phase === 'connecting'
            ? 'It tries the next address of the name, if there is one; when none works it keeps the message. '
            : 'It keeps the message. ';
      return `${next}${schedule}.`;
    }
    case 'open':
      return 'Said in the greeting or at EHLO, it makes Postal try the next address and later again, for about 31 hours. Said from MAIL FROM on, a reply of 5xx other than 50x and 53x bounces the message at once, any other is tried again.';
  }
};
