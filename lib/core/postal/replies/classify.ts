import { cleaned } from './cleaned.ts';
import type { ReplyCode, ReplyPhase } from './reply-code.ts';
import { rules } from './rules.ts';

/** What is known of a reply. */
export type Reply = {
  readonly status: number;
  /** What the server said after its codes, on one line. */
  readonly words: string;
  /** RFC 3463, for example `5.7.1`. */
  readonly enhanced?: string;
};

/** Texts longer than that are judged by their beginning. */
const longestText = 1500;

/** Meanings of enhanced status codes (RFC 3463, 4954, 7372, 7505), for texts that say nothing; the first digit apart. */
const byEnhanced: readonly (readonly [code: ReplyCode, details: readonly string[]])[] = [
  ['reply-user-unknown', ['1.1', '1.6']],
  ['reply-recipient-refused', ['1.0', '1.2', '1.3', '1.4', '1.10', '2.1', '2.4']],
  ['reply-sender-refused', ['1.7']],
  ['reply-sender-unverified', ['1.8', '7.27']],
  ['reply-mailbox-full', ['2.2']],
  ['reply-too-large', ['2.3', '3.4']],
  ['reply-no-space', ['3.1']],
  ['reply-busy', ['4.5', '5.3', '7.28']],
  ['reply-server-fault', ['3.5', '4.3']],
  ['reply-mail-loop', ['4.6', '4.14']],
  ['reply-content-refused', ['6.1']],
  ['reply-syntax', ['5.1', '5.2', '5.4', '5.5']],
  ['reply-authenticate-first', ['7.8', '7.9', '7.14', '7.57']],
  ['reply-starttls-first', ['7.10', '7.11', '7.29', '7.30']],
  ['reply-origin-refused', ['7.20', '7.21', '7.22', '7.23', '7.24', '7.26', '7.509']],
  ['reply-no-reverse-dns', ['7.25']],
  ['reply-relay-denied', ['7.54', '7.64']],
];
const enhancedMeanings: ReadonlyMap<string, ReplyCode> = new Map(
  byEnhanced.flatMap(([code, details]) => details.map((detail) => [detail, code] as const)),
);

const byStatus: ReadonlyMap<number, ReplyCode> = new Map<number, ReplyCode>([
  [500, 'reply-syntax'],
  [501, 'reply-syntax'],
  [502, 'reply-syntax'],
  [503, 'reply-syntax'],
  [504, 'reply-syntax'],
  [523, 'reply-starttls-first'],
  [530, 'reply-authenticate-first'],
  [534, 'reply-authenticate-first'],
  [535, 'reply-authenticate-first'],
  [538, 'reply-starttls-first'],
  [555, 'reply-syntax'],
]);

/** The enhanced code, which a server may also put into its text. */
const enhancedCode = ({ enhanced, words }: Reply): string | undefined =>
  enhanced ?? /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(words)?.[0];

/** By the codes alone: the enhanced one, then the status. */
const byCodes = (reply: Reply, phase: ReplyPhase | undefined): ReplyCode => {
  const { status } = reply;
  const isPermanent = status >= 500;
  const detail = enhancedCode(reply);
  const meant = detail === undefined ? undefined : enhancedMeanings.get(detail.slice(2));
  // 4.1.1 and 4.2.1 put off a recipient that may well exist.
  const isOfRecipient = meant === 'reply-user-unknown' || meant === 'reply-recipient-refused';
  const fits = isOfRecipient || meant === 'reply-syntax' ? isPermanent : meant === 'reply-busy' ? !isPermanent : true;
  if (meant !== undefined && fits) return meant;
  if (status === 454 && phase === 'connecting') return 'reply-tls-unavailable';
  return byStatus.get(status) ?? (isPermanent ? 'reply-permanent' : 'reply-temporary');
};

/** Many servers refuse an address without saying why, or whose: then the enhanced code says it. */
const whoseAddress = (reply: Reply): ReplyCode => {
  switch (enhancedCode(reply)) {
    case '5.1.1':
      return 'reply-user-unknown';
    case '5.1.7':
    case '4.1.7':
      return 'reply-sender-refused';
    default:
      return 'reply-recipient-refused';
  }
};

/** What cannot be refused before MAIL: the server knows nothing but the client yet. */
const notYetNamed: ReadonlySet<ReplyCode> = new Set([
  'reply-sender-refused',
  'reply-recipient-refused',
  'reply-content-refused',
]);

/** Success codes of HELP, greetings, STARTTLS, QUIT and AUTH (RFC 5321 §4.2.3, RFC 4954 §6): no answer to MAIL, RCPT or a message. */
const ofOtherCommands: ReadonlySet<number> = new Set([211, 214, 220, 221, 235]);

/** What another server answered when this one verified the recipient there, as Postfix and Exim quote it. */
const quotedAnswer = /\b(?:said|was): ([45]\d\d)[ -](?:\d\.\d{1,3}\.\d{1,3} )?(.{1,400})/is;

/** Meanings that speak of the recipient; any other answer is between the two servers, and a fault of the first for Postal. */
const ofRecipient: ReadonlySet<ReplyCode> = new Set([
  'reply-user-unknown',
  'reply-mailbox-full',
  'reply-recipient-refused',
  'reply-greylisted',
]);

/** What that answer means, where it speaks of the recipient. */
const byQuotedAnswer = ({ words }: Reply, phase: ReplyPhase | undefined): ReplyCode | undefined => {
  const [, status, answer] =
    (/recipient (?:address rejected|verify)/i.test(words) &&
      !/sender address rejected/i.test(words) &&
      quotedAnswer.exec(words)) ||
    [];
  if (status === undefined || answer === undefined) return undefined;
  const code = classify(
    {
      status: Number(status),
      words: answer.replace(/\(in reply to .*|could not complete recipient verify.*/is, ''),
    },
    phase,
  );
  return ofRecipient.has(code) ? code : undefined;
};

/** What a reply means: what the server's text says, and only where it says nothing what its codes do. */
export const classify = (reply: Reply, phase: ReplyPhase | undefined): ReplyCode => {
  const { status } = reply;
  if (status < 300) {
    const isStray = phase === 'data' || (phase === 'transaction' && ofOtherCommands.has(status));
    return isStray ? 'reply-unexpected' : 'reply-accepted';
  }
  if (status < 400) return phase === 'data' ? 'reply-accepted' : 'reply-unexpected';
  const quoted = byQuotedAnswer(reply, phase);
  if (quoted !== undefined) return quoted;
  const text = cleaned(reply.words.slice(0, longestText));
  const isTemporary = status < 500;
  const fitting = rules.find(
    (rule) =>
      (rule.phase === undefined || rule.phase === phase) &&
      (rule.isTemporary === undefined || isTemporary) &&
      rule.says(text),
  );
  const code = fitting?.isVague === true ? whoseAddress(reply) : (fitting?.code ?? byCodes(reply, phase));
  return phase === 'connecting' && notYetNamed.has(code) ? 'reply-client-refused' : code;
};
