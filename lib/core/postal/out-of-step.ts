import type { AddressReport, SessionFacts, Stage } from '../probe-report/report.ts';
import type { ClientError } from './client-error.ts';
import { replyErrorRaised } from './client-read.ts';
import { isSuccess } from './reply.ts';

const entering = new Set<string>(['banner', 'ehlo', 'helo', 'starttls', 'ehlo-tls']);

const sending = new Set<string>(['mail', 'rcpt', 'data']);

/**
 * The first stage at which the server said more than it was asked, while Postal has a command left to send; from there on Postal takes each answer for the
 * next command's.
 */
export const outOfStepAt = ({ stages }: Pick<SessionFacts, 'stages'>): Stage | undefined =>
  stages.find(
    ({ stage, status, unread }) =>
      unread !== undefined && (entering.has(stage) || (sending.has(stage) && status === 'passed')),
  );

/** The same of an address, over all sessions that were held with it. */
export const outOfStepIn = ({ stages, further = [] }: Pick<AddressReport, 'stages' | 'further'>): Stage | undefined =>
  [{ stages }, ...further].map(outOfStepAt).find((stage) => stage !== undefined);

/** The lines of the first reply in a text, as Postal's client reads them: it goes on while the fourth character is a hyphen. */
const firstReply = (text: string): string => {
  const lines = text.split('\n');
  const last = lines.findIndex((line) => line[3] !== '-');
  return `${lines.slice(0, last === -1 ? lines.length : last + 1).join('\n')}\n`;
};

/**
 * How a transaction fails that begins out of step; undefined where it begins in step.
 *
 * | waits to be read before MAIL | then |
 * | --- | --- |
 * | a refusal, or anything else than `2…` | it is taken for the answer to MAIL |
 * | `2…`, or an answer that is still on its way | the answer to RCPT is taken for the one to DATA, and that is no `3…` |
 */
export const outOfStepError = (facts: Pick<SessionFacts, 'stages'>): ClientError | undefined => {
  const at = outOfStepAt(facts);
  if (at === undefined) return undefined;
  const last = facts.stages.findLast(
    ({ stage, reply, asRead }) => entering.has(stage) && (reply !== undefined || asRead !== undefined),
  );
  const next = last?.unread === undefined ? undefined : firstReply(last.unread);
  return next !== undefined && !isSuccess(next)
    ? replyErrorRaised(next)
    : { kind: 'reply', error: 'unknown', message: '' };
};
