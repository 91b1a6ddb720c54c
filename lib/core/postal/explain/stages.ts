import type { FoundReply } from '../replies/find-replies.ts';
import type { ReplyCode, ReplyPhase } from '../replies/reply-code.ts';
import type { ExplainStage } from './explanation.ts';
import { isOwn, type OwnCode } from './own-sentences.ts';
import type { FaultCode, NoteCode, OutcomeCode, SignatureCode } from './signature-code.ts';

/** How far Postal had come when it said what it said; undefined where the text does not tell. */
export type Phase = ReplyPhase | undefined;

const greeting: readonly ExplainStage[] = ['banner', 'ehlo', 'starttls'];
const transaction: readonly ExplainStage[] = ['mail', 'rcpt', 'data', 'end-of-data'];
/** Refused DATA has words of its own: `could not get 3xx`. */
const replies: readonly ExplainStage[] = ['mail', 'rcpt', 'end-of-data'];

const outcomePhases: Readonly<Record<Exclude<OutcomeCode, OwnCode>, Phase>> = {
  'no-hosts': 'connecting',
  'none-connected': 'connecting',
  'no-server': 'connecting',
  'cannot-connect': 'connecting',
  'plaintext-retry': 'connecting',
  connected: 'transaction',
  accepted: 'transaction',
  'accepted-cut': 'transaction',
  temporary: 'transaction',
  permanent: 'transaction',
  'delivery-error': 'transaction',
  'send-error': 'transaction',
  'internal-error': undefined,
};

/** How far Postal had come when it says this of a delivery. */
export const phaseOf = (code: OutcomeCode): Phase => (isOwn(code) ? undefined : outcomePhases[code]);

const inPhase = (
  phase: Phase,
  connecting: readonly ExplainStage[],
  later: readonly ExplainStage[],
): readonly ExplainStage[] => {
  switch (phase) {
    case 'connecting':
      return connecting;
    case 'transaction':
      return later;
    case 'data':
      return ['data'];
    case undefined:
      return [...connecting, ...later];
  }
};

const fixed: Readonly<Record<Exclude<OutcomeCode, OwnCode> | NoteCode, readonly ExplainStage[]>> = {
  'no-hosts': ['resolve'],
  'none-connected': ['connect', ...greeting, 'tls'],
  'no-server': ['resolve', 'connect', ...greeting, 'tls'],
  'cannot-connect': ['connect', ...greeting, 'tls'],
  'plaintext-retry': ['tls'],
  'without-tls': ['tls'],
  connected: [],
  accepted: ['accepted'],
  'accepted-cut': ['accepted'],
  temporary: transaction,
  permanent: replies,
  'delivery-error': transaction,
  'send-error': transaction,
  'internal-error': ['internal'],
  'bounce-sent': ['queue'],
  'suppression-changed': ['queue'],
  'retry-later': ['queue'],
};

const faultStages = (code: FaultCode, phase: Phase): readonly ExplainStage[] => {
  switch (code) {
    case 'no-nameservers':
    case 'dns-timeout-setting':
      return ['internal'];
    case 'dns-error':
    case 'name-lookup':
      return ['resolve'];
    case 'refused':
    case 'unreachable':
    case 'connect-failed':
      return ['connect'];
    case 'connect-timeout':
      return inPhase(phase ?? 'connecting', ['connect'], transaction);
    case 'reset':
      return inPhase(phase, [...greeting, 'tls'], transaction);
    case 'closed':
    case 'broken-pipe':
    case 'read-timeout':
      return inPhase(phase, greeting, transaction);
    case 'read-timeout-in-tls':
      return inPhase(phase, ['banner', 'ehlo'], transaction);
    case 'tls-broken-off':
      return inPhase(phase, ['banner', 'ehlo', 'tls'], transaction);
    case 'starttls-unsupported':
      return ['starttls'];
    case 'data-refused':
      return ['data'];
    case 'reset-in-tls':
    case 'tls-timeout':
    case 'certificate-expired':
    case 'certificate-not-yet-valid':
    case 'certificate-self-signed':
    case 'certificate-private-ca':
    case 'certificate-no-issuer':
    case 'certificate-weak':
    case 'certificate-name':
    case 'certificate-unverified':
    case 'not-tls':
    case 'tls-version':
    case 'tls-client-certificate':
    case 'tls-closed':
    case 'tls-handshake':
      return ['tls'];
  }
};

/** Where a reply can stand while Postal still gets in: RFC 5321 §4.3.2 and RFC 3207 §4 have what may answer what. */
const greetingStages = ({ status }: FoundReply): readonly ExplainStage[] => {
  if (status === 554 || status === 521) return ['banner'];
  if (status === 454) return ['starttls'];
  if (status === 501) return ['ehlo', 'starttls'];
  if (status >= 500 && status < 510) return ['ehlo'];
  if (status === 421) return greeting;
  return ['banner', 'ehlo'];
};

const replyStages = (code: ReplyCode, phase: Phase, reply: FoundReply | undefined): readonly ExplainStage[] => {
  const early = reply === undefined ? (['banner', 'ehlo'] as const) : greetingStages(reply);
  switch (code) {
    case 'reply-accepted':
      return ['accepted'];
    case 'reply-wrong-protocol':
      return inPhase(phase ?? 'connecting', early, replies);
    case 'reply-tls-unavailable':
      return inPhase(phase, ['starttls'], replies);
    case 'reply-helo-refused':
      return inPhase(phase, ['ehlo'], replies);
    case 'reply-user-unknown':
    case 'reply-recipient-refused':
    case 'reply-mailbox-full':
    case 'reply-greylisted':
      return inPhase(phase ?? 'transaction', early, ['rcpt', 'end-of-data']);
    case 'reply-relay-denied':
    case 'reply-starttls-first':
    case 'reply-authenticate-first':
    case 'reply-first-contact':
    case 'reply-origin-refused':
      return inPhase(phase ?? 'transaction', early, replies);
    case 'reply-too-large':
      return inPhase(phase ?? 'transaction', early, ['mail', 'end-of-data']);
    case 'reply-content-refused':
    case 'reply-mail-loop':
      return inPhase(phase ?? 'transaction', early, ['rcpt', 'end-of-data']);
    case 'reply-sender-refused':
    case 'reply-sender-unverified':
    case 'reply-no-reverse-dns':
    case 'reply-server-fault':
    case 'reply-syntax':
    case 'reply-no-space':
    case 'reply-busy':
    case 'reply-client-refused':
    case 'reply-unexpected':
    case 'reply-temporary':
    case 'reply-permanent':
      return inPhase(phase, early, replies);
  }
};

const isFixed = (code: SignatureCode): code is Exclude<OutcomeCode, OwnCode> | NoteCode => Object.hasOwn(fixed, code);
const isReply = (code: Exclude<SignatureCode, OutcomeCode | NoteCode>): code is ReplyCode => code.startsWith('reply-');

/** The stages at which this is said, in the order of a delivery. More than one: the text does not tell which, and nothing here guesses. */
export const stagesOf = (code: SignatureCode, phase: Phase, reply: FoundReply | undefined): readonly ExplainStage[] => {
  if (isOwn(code)) return ['queue'];
  if (isFixed(code)) return fixed[code];
  if (!isReply(code)) return faultStages(code, phase);
  return replyStages(code, phase, reply);
};
