import type { AsRead, SmtpReply } from '../../core/probe-report/report.ts';
import type { Failure } from './failure.ts';
import type { ReadReply } from './smtp-connection.ts';
import type { StageOutcome } from './stage-log.ts';
import type { NoEvent } from './within.ts';

/** What the server said, as Postal's client has it; undefined where it has no reply. */
export const saidIn = (outcome: StageOutcome<SmtpReply>): string | undefined => {
  const reply = outcome.ok ? outcome.value : outcome.failure.reply;
  if (reply !== undefined) return `${reply.lines.join('\n')}\n`;
  const asRead = outcome.ok ? undefined : outcome.failure.asRead;
  return asRead?.ended === undefined ? asRead?.text : undefined;
};

/** Names how a wait ended: silence that is shorter than Postal's own patience is `slow`. */
export const named = (failure: Failure | NoEvent, budgetMs: number, postalTimeoutMs: number): Failure => {
  if (failure === 'deadline') return { reason: 'deadline', detail: 'the time for the whole probe was over' };
  if (failure !== 'timeout') return failure;
  if (budgetMs >= postalTimeoutMs) return { reason: 'timeout', detail: `no answer within ${budgetMs} ms` };
  return { reason: 'slow', detail: `no answer within ${budgetMs} ms; Postal would wait ${postalTimeoutMs} ms` };
};

/** What was wrong already says more than how the wait ended; Postal only sees the latter. */
export const cutShort = (
  { how, breach, text }: ReadReply & { readonly kind: 'cut' },
  budgetMs: number,
  patienceMs: number,
): Failure => {
  const end = named(how, budgetMs, patienceMs);
  const ended: AsRead['ended'] = end.asRead?.ended ?? end.reason;
  if (breach !== undefined) return { ...breach, asRead: { text, ended } };
  return text === '' ? end : { ...end, asRead: { text, ended } };
};
