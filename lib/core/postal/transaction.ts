import type { SessionFacts, Stage, StageName } from '../probe-report/report.ts';
import type { ClientError, Open } from './client-error.ts';
import { type ClientRead, clientReads, notReached, replyErrorRaised } from './client-read.ts';
import { outOfStepAt, outOfStepError } from './out-of-step.ts';
import { isContinue, isSuccess } from './reply.ts';

/** How a transaction goes for Postal: accepted with the server's words, broken off or refused, or not tried to its end. */
export type Transacted =
  | { readonly kind: 'sent'; readonly said: string }
  | { readonly kind: 'failed'; readonly error: ClientError }
  | { readonly kind: 'untried'; readonly next: 'recipient' | 'message' }
  | Open;

const stageOf = ({ stages }: SessionFacts, name: StageName): Stage | undefined =>
  stages.find(({ stage, status }) => stage === name && status !== 'skipped');

const couldNotContinue = (text: string): ClientError => ({
  kind: 'reply',
  error: 'unknown',
  message: `could not get 3xx (${text.slice(0, 3)}: ${text})`,
});

const ended = (met: Exclude<ClientRead, { readonly kind: 'said' }>): Transacted =>
  met.kind === 'raised' ? { kind: 'failed', error: met.error } : met;

/** Out of step, what Postal takes for the answer to DATA is what a probe that sends RSET there takes for its own. */
const leftForData = (facts: SessionFacts): string => {
  const rset = stageOf(facts, 'rset');
  const read = rset && clientReads(rset);
  return read?.kind === 'said' ? read.text : '';
};

/**
 * How the transaction of one session went.
 *
 * | command | wanted | else |
 * | --- | --- | --- |
 * | MAIL, RCPT, end of data | `2…` | the reply is raised |
 * | DATA | `3…` | `could not get 3xx`, whatever the code |
 */
export const transactionOver = (facts: SessionFacts): Transacted => {
  for (const name of ['mail', 'rcpt'] as const) {
    const stage = stageOf(facts, name);
    if (stage === undefined) {
      const error = name === 'mail' ? outOfStepError(facts) : undefined;
      return error === undefined ? { kind: 'untried', next: 'recipient' } : { kind: 'failed', error };
    }
    const met = clientReads(stage);
    if (met.kind !== 'said') return ended(met);
    if (!isSuccess(met.text)) return { kind: 'failed', error: replyErrorRaised(met.text) };
  }
  const data = stageOf(facts, 'data');
  if (data === undefined) {
    const error = outOfStepAt(facts) === undefined ? undefined : couldNotContinue(leftForData(facts));
    return error === undefined ? { kind: 'untried', next: 'message' } : { kind: 'failed', error };
  }
  const goOn = clientReads(data);
  if (goOn.kind !== 'said') return ended(goOn);
  if (!isContinue(goOn.text)) return { kind: 'failed', error: couldNotContinue(goOn.text) };
  const end = stageOf(facts, 'end-of-data');
  const met = end === undefined ? notReached('end-of-data') : clientReads(end);
  if (met.kind !== 'said') return ended(met);
  return isSuccess(met.text) ? { kind: 'sent', said: met.text } : { kind: 'failed', error: replyErrorRaised(met.text) };
};

/** Whether Postal connects once more and begins the transaction anew: after a connection that broke or an error of OpenSSL in the middle of it. */
export const reconnectsAfter = (transacted: Transacted): boolean =>
  transacted.kind === 'failed' && (transacted.error.kind === 'broken' || transacted.error.kind === 'tls');
