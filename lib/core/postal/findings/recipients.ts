import type { AddressReport, Stage, StageName } from '../../probe-report/report.ts';
import { outOfStepIn } from '../out-of-step.ts';
import type { ReplyCode } from '../replies/reply-code.ts';
import { replyErrorOf } from '../reply.ts';
import type { FindingCode, ProbeFinding, Severity } from './finding.ts';
import { adviceAt, replyAt } from './reply-advice.ts';
import { finding, ipsOf, type Situation } from './situation.ts';
import { listed, saying } from './words.ts';

const transactionStages: readonly StageName[] = ['mail', 'rcpt', 'data', 'end-of-data'];

/** The stages of the last session that reached a transaction. */
const transactionAt = ({ stages, further }: AddressReport): readonly Stage[] => {
  const sessions = [stages, ...(further ?? []).map((session) => session.stages)];
  const tried = sessions.findLast((session) =>
    session.some(({ stage, status }) => transactionStages.includes(stage) && status !== 'skipped'),
  );
  return (tried ?? []).filter(({ stage }) => transactionStages.includes(stage));
};

const commands: Readonly<Partial<Record<StageName, string>>> = {
  mail: 'MAIL FROM',
  rcpt: 'RCPT TO',
  data: 'DATA',
  'end-of-data': 'the message',
};

const wait = (seconds: number | null): string =>
  seconds === null ? 'in a few minutes' : `in ${Math.max(1, Math.ceil(seconds / 60))} min`;

/** Replies that defer unknown clients; the next attempt may succeed. */
const passing: readonly ReplyCode[] = ['reply-greylisted', 'reply-first-contact'];
const maybePassing: readonly ReplyCode[] = ['reply-busy', 'reply-temporary'];

const severityOf = (code: ReplyCode): Severity =>
  passing.includes(code) ? 'info' : maybePassing.includes(code) ? 'warning' : 'critical';

/** The finding for the meaning of a reply and the command that it answers. */
const findingCode = (code: ReplyCode, stage: StageName, isFatal: boolean): FindingCode => {
  switch (code) {
    case 'reply-starttls-first':
      return 'mail-requires-tls';
    case 'reply-authenticate-first':
      return 'mail-requires-login';
    case 'reply-greylisted':
    case 'reply-first-contact':
      return 'rcpt-greylisted';
    case 'reply-busy':
      return 'server-busy';
    default:
      break;
  }
  if (stage === 'mail') return isFatal ? 'mail-refused' : 'mail-deferred';
  if (stage !== 'rcpt') return isFatal ? 'message-refused' : 'message-deferred';
  if (code === 'reply-relay-denied') return 'rcpt-relay-denied';
  if (code === 'reply-user-unknown') return 'rcpt-unknown';
  return isFatal ? 'rcpt-refused' : 'rcpt-deferred';
};

const refusal = (situation: Situation, address: AddressReport, stage: Stage): ProbeFinding | undefined => {
  const said = stage.reply?.lines.join('\n') ?? stage.asRead?.text ?? '';
  const advice = adviceAt(situation, address, stage);
  if (advice === undefined) return undefined;
  const { code, meaning, remedy } = advice;
  const isFatal = stage.stage !== 'data' && replyErrorOf(said) === 'fatal';
  const then = isFatal ? 'Postal bounces at once' : 'Postal retries, and bounces after about 31 h';
  const again = `Check again ${wait(situation.prediction.retryAfterSeconds)}. `;
  return finding(
    findingCode(code, stage.stage, isFatal),
    severityOf(code),
    `${meaning} The server answered ${commands[stage.stage] ?? stage.stage} with "${saying(said)}"; ${then}.`,
    `${severityOf(code) === 'critical' ? '' : again}${remedy}`,
    code,
  );
};

/** The transaction ended without an SMTP reply: the connection closed, or the server sent something else. */
const brokenOff = ({ stage, reason, detail, asRead }: Stage): ProbeFinding | undefined => {
  if (reason === 'deadline' || reason === 'slow') return undefined;
  const command = commands[stage] ?? stage;
  const what =
    asRead === undefined || asRead.ended !== undefined
      ? `The connection broke at ${command} (${saying(detail ?? reason ?? '')}).`
      : `The answer to ${command} is not an SMTP reply: "${saying(asRead.text)}".`;
  const mayHaveArrived =
    stage === 'end-of-data'
      ? ' The message was sent, so it may have arrived; Postal’s next attempt then delivers it twice.'
      : '';
  return finding('message-broken-off', 'critical', `${what}${mayHaveArrived}`, "Check the server's log.");
};

/** A success of another command, in answer to MAIL or RCPT: Postal goes on, but the server may be a command behind. */
const strayAnswer = (situation: Situation, address: AddressReport): ProbeFinding | undefined => {
  const stage = transactionAt(address).find(
    (one) => one.status === 'passed' && one.stage !== 'end-of-data' && replyAt(one) === 'reply-unexpected',
  );
  const advice = stage && adviceAt(situation, address, stage);
  return (
    advice &&
    finding(
      'out-of-step',
      'warning',
      `${listed(ipsOf([address]))} answered ${commands[stage.stage] ?? stage.stage} with "${saying(stage.reply?.lines.join(' ') ?? '')}", which does not answer that command: the server may be one reply behind. Postal takes it as accepted.`,
      advice.remedy,
      advice.code,
    )
  );
};

/** How the server answered the last command of a transaction that it was asked. */
const lastAnswer = (situation: Situation, address: AddressReport, last: Stage): ProbeFinding | undefined => {
  if (last.status !== 'passed') return refusal(situation, address, last) ?? brokenOff(last);
  if (last.stage !== 'end-of-data' || last.reply === undefined) return undefined;
  const advice = adviceAt(situation, address, last);
  return finding(
    'message-accepted',
    'info',
    `${listed(ipsOf([address]))} accepted the test message: "${saying(last.reply.lines.join(' '))}".`,
    advice?.remedy ?? '',
    advice?.code,
  );
};

/** How the server answered MAIL, RCPT and the message, where the probe sent them: at the address that Postal uses, else at the first. */
export const recipientFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, prediction } = situation;
  const ended = addresses.flatMap((address) => {
    const last = transactionAt(address).findLast(({ status }) => status !== 'skipped');
    return last === undefined ? [] : [{ address, last }];
  });
  const tried = ended.find(({ address: { ip } }) => ip === prediction.entry?.ip) ?? ended[0];
  if (tried === undefined) return [];
  const { address, last } = tried;
  const stray = outOfStepIn(address) === undefined ? strayAnswer(situation, address) : undefined;
  return [stray, lastAnswer(situation, address, last)].filter((found) => found !== undefined);
};
