import type { Deadline } from '../deadline.ts';
import { auditStream, type Entry, refusedStream } from '../ledger/entry.ts';
import type { Message } from '../slack/messenger.ts';
import { appendAtEnd } from './change/append.ts';
import { afterTelling, patiently } from './patiently.ts';
import type { Outcome, Ports, Request } from './ports.ts';

/**
 * Answers the person who asked, and them alone unless they asked to share. What Slack puts off is said by a later delivery; what it does not take at all
 * is logged: there is no one else to tell. `plainer` is said where Slack refuses the message, for a picture in it that it does not have yet or no longer.
 */
export const answer = async (ports: Ports, request: Request, message: Message, deadline: Deadline, plainer?: Message): Promise<Outcome> => {
  const inChannel = 'share' in request.command && request.command.share;
  const { replyTo, replaceOriginal } = request;
  const told = await patiently(ports, deadline, !inChannel, () =>
    ports.messenger.reply(replyTo, message, { replaceOriginal, inChannel }, deadline.signal),
  );
  if (!told.ok) ports.log.warn('the requester could not be answered', { requestId: request.requestId, failure: told.failure });
  if (!told.ok && told.failure.kind === 'refused' && plainer !== undefined) return answer(ports, request, plainer, deadline);
  return afterTelling(told);
};

/** Whether an earlier delivery recorded this refusal. Only a repeated one has to look further back than the head. */
const isRecorded = async ({ ledger }: Ports, { requestId, deliveries }: Request, stream: string, signal: AbortSignal): Promise<boolean> => {
  const isIt = (entry: Entry | undefined): boolean => entry?.body.kind === 'refused' && entry.body.requestId === requestId;
  return deliveries > 1 ? (await ledger.read(stream, signal)).some(isIt) : isIt(await ledger.head(stream, signal));
};

/** Records that a request for a change was refused, and why, and says so to the person who asked. */
export const refuse = async (
  ports: Ports,
  request: Request,
  stream: string,
  reasons: readonly string[],
  message: Message,
  deadline: Deadline,
): Promise<Outcome> => {
  if (!(await isRecorded(ports, request, stream, deadline.signal))) {
    const { requestId, actor, text, command } = request;
    await appendAtEnd(ports, stream, { kind: 'refused', requestId, verb: command.verb, actor, text, reasons }, deadline.signal);
  }
  return answer(ports, request, message, deadline);
};

/** The stream that holds the history of a name: its own, or the one for requests whose hostname is none. */
export const streamOf = (hostname: string | undefined): string => (hostname === undefined || hostname === auditStream ? refusedStream : hostname);
