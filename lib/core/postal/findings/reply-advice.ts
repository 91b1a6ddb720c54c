import type { AddressReport, Stage, StageName } from '../../probe-report/report.ts';
import { adviceOn } from '../explain/advice.ts';
import { type ExplainStage, explainStages } from '../explain/explanation.ts';
import { meaningOf } from '../replies/meaning.ts';
import { putsOff } from '../replies/puts-off.ts';
import type { ReplyCode, ReplyPhase } from '../replies/reply-code.ts';
import type { Situation } from './situation.ts';

const phases: Readonly<Partial<Record<StageName, ReplyPhase>>> = {
  banner: 'connecting',
  ehlo: 'connecting',
  helo: 'connecting',
  starttls: 'connecting',
  'ehlo-tls': 'connecting',
  data: 'data',
};

/** Meaning of the server's reply at a stage; undefined without a reply, or where its meaning is unknown. */
export const replyAt = ({ stage, reply, asRead, detail = '' }: Stage): ReplyCode | undefined => {
  const said = reply?.lines.join('\n') ?? asRead?.text ?? '';
  return meaningOf(said === '' ? detail : said, phases[stage] ?? 'transaction');
};

/** Whether the server defers this client before MAIL; another client, or the next attempt, may be accepted. */
export const isBusyAt = ({ reply }: Stage): boolean =>
  reply !== undefined && putsOff(reply.lines.join('\n'), 'connecting');

const explained = (stage: StageName): readonly ExplainStage[] => explainStages.filter((one) => one === stage);

/** A reply's meaning and remedy, in the words of `explain`. */
export type ReplyAdvice = { readonly code: ReplyCode; readonly meaning: string; readonly remedy: string };

/** Meaning and remedy of the reply at a stage; undefined where `replyAt` is. */
export const adviceAt = (
  { report }: Situation,
  { ip, port }: Pick<AddressReport, 'ip' | 'port'>,
  stage: Stage,
): ReplyAdvice | undefined => {
  const code = replyAt(stage);
  if (code === undefined) return undefined;
  const recipient = report.transaction?.recipient;
  const facts = {
    endpoint: { hostname: report.hostname, ip, port },
    recipientDomain: recipient?.slice(recipient.lastIndexOf('@') + 1),
    stages: explained(stage.stage),
    status: stage.reply?.code,
  };
  return { code, ...adviceOn(code, facts) };
};

/** Whether the reply gives a cause, more than its status code. */
export const saysWhy = (advice: ReplyAdvice | undefined): advice is ReplyAdvice =>
  advice !== undefined && advice.code !== 'reply-temporary' && advice.code !== 'reply-permanent';
