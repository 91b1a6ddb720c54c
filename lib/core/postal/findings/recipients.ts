import type { AddressReport, SmtpReply, Stage, StageName } from '../../probe-report/report.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, type Situation } from './situation.ts';
import { saying } from './words.ts';

const transactionStages: readonly StageName[] = ['mail', 'rcpt', 'data', 'end-of-data'];

/** Where the transaction failed: in the session that came last to one. */
const brokenAt = ({ stages, further }: AddressReport): Stage | undefined => {
  const sessions = [stages, ...(further ?? []).map((session) => session.stages)];
  const tried = sessions.findLast((session) =>
    session.some(({ stage, status }) => transactionStages.includes(stage) && status !== 'skipped'),
  );
  return tried?.find(({ stage, status }) => status === 'failed' && transactionStages.includes(stage));
};

const greylisting = /gr[ea]y-?list|postgrey|try again (?:in|after)|please wait/i;
const unknownUser =
  /user unknown|unknown user|no such (?:user|recipient|mailbox)|does not exist|not found|unknown recipient|recipient unknown/i;
const relaying = /relay/i;

const wait = (seconds: number | null): string =>
  seconds === null ? 'in some minutes' : `in ${Math.max(1, Math.ceil(seconds / 60))} min`;

/** A refusal that another try may overcome. Postal retries all 4xx, and 50x and 53x as well. */
const deferred = (
  situation: Situation,
  what: 'MAIL' | 'RCPT',
  said: string,
  { code, enhancedStatus }: SmtpReply,
): ProbeFinding => {
  const text = saying(said);
  if (code === 530 && /tls|encrypt/i.test(said)) {
    return finding(
      'mail-requires-tls',
      'critical',
      `The server takes mail over TLS only ("${text}"), and Postal would send plaintext.`,
      'Set the SSL mode to Auto, and see that STARTTLS works there.',
    );
  }
  if (code === 530 || code === 535 || code === 534 || code === 538) {
    return finding(
      'mail-requires-login',
      'critical',
      `The server wants a login ("${text}"), and Postal has none for SMTP endpoints.`,
      "Let Postal in without one: add its address to the server's mynetworks, or use port 25.",
    );
  }
  if (
    what === 'RCPT' &&
    code < 460 &&
    (enhancedStatus === '4.2.0' || enhancedStatus === '4.7.1' || greylisting.test(said))
  ) {
    return finding(
      'rcpt-greylisted',
      'info',
      `The recipient was put off ("${text}"): greylisting, which tells nothing of what happens next time.`,
      `Check again ${wait(situation.prediction.retryAfterSeconds)}, or exempt Postal from greylisting.`,
    );
  }
  return finding(
    what === 'MAIL' ? 'mail-deferred' : 'rcpt-deferred',
    'critical',
    `The server puts ${what === 'MAIL' ? 'the sender' : 'the recipient'} off: "${text}".`,
    "Look at the server's log; Postal keeps trying, and bounces at last.",
  );
};

const refused = (
  what: 'MAIL' | 'RCPT',
  said: string,
  { enhancedStatus }: SmtpReply,
  profile: Situation['profile'],
): ProbeFinding => {
  const text = saying(said);
  if (what === 'MAIL') {
    return finding(
      'mail-refused',
      'critical',
      `The server refuses the sender: "${text}"; Postal bounces at once.`,
      `Let senders of ${profile.returnPathDomain} in: that is Postal's return path, and must resolve for the server.`,
    );
  }
  if (relaying.test(said) || (enhancedStatus === '5.7.1' && !unknownUser.test(said))) {
    return finding(
      'rcpt-relay-denied',
      'critical',
      `The server does not take mail for that recipient's domain from Postal: "${text}"; Postal bounces at once.`,
      "Add the domain to the server's own or relay domains, or Postal to its mynetworks.",
    );
  }
  if (enhancedStatus?.startsWith('5.1.') || unknownUser.test(said)) {
    return finding(
      'rcpt-unknown',
      'critical',
      `The server does not know the recipient: "${text}"; Postal bounces at once.`,
      "Correct the recipient, or create it in the server. The recipient is that of the original mail, not of Postal's route.",
    );
  }
  return finding(
    'rcpt-refused',
    'critical',
    `The server refuses the recipient: "${text}"; Postal bounces at once.`,
    "Look at the server's log and rules.",
  );
};

const transaction = (situation: Situation, { stage, reply, reason, detail }: Stage): ProbeFinding | undefined => {
  const { profile } = situation;
  if (reply === undefined) {
    if (reason === 'deadline' || reason === 'slow') return undefined;
    return finding(
      'message-broken-off',
      'critical',
      `The connection breaks at ${stage.toUpperCase()} (${saying(detail ?? reason ?? '')}).`,
      "Look at the server's log. After the end of the data the message may have arrived, and arrives again with Postal's next try.",
    );
  }
  const said = reply.lines.join(' ');
  if (reply.code === 421) return undefined;
  if (stage === 'mail' || stage === 'rcpt') {
    const what = stage === 'mail' ? 'MAIL' : 'RCPT';
    const isRetried =
      reply.code < 500 || (reply.code >= 500 && reply.code < 510) || (reply.code >= 530 && reply.code < 540);
    return isRetried ? deferred(situation, what, said, reply) : refused(what, said, reply, profile);
  }
  return finding(
    'message-refused',
    'critical',
    `The server refuses the message itself: "${saying(said)}".`,
    "Look at the server's log: size, content or a filter.",
  );
};

/** What the server made of a sender, a recipient, a message, where one was tried: at the address that Postal settles on, else at the first. */
export const recipientFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, prediction } = situation;
  const tried = addresses.filter((address) => brokenAt(address) !== undefined);
  const address = tried.find(({ ip }) => ip === prediction.entry?.ip) ?? tried[0];
  const stage = address === undefined ? undefined : brokenAt(address);
  const found = stage === undefined ? undefined : transaction(situation, stage);
  return found === undefined ? [] : [found];
};
