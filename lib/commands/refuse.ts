import type { Deadline } from '../deadline.ts';
import { auditStream, refusedStream } from '../ledger/entry.ts';
import type { Message } from '../slack/messenger.ts';
import { appendAtEnd } from './append.ts';
import { done, type Outcome, type Ports, type Request } from './ports.ts';

/** Answers the person who asked, and them alone unless they asked to share. What Slack does not take is logged: there is no one else to tell. */
export const answer = async (ports: Ports, request: Request, message: Message, deadline: Deadline): Promise<Outcome> => {
  const inChannel = 'share' in request.command && request.command.share;
  const told = await ports.messenger.reply(request.replyTo, message, { replaceOriginal: request.replaceOriginal, inChannel }, deadline.signal);
  if (!told.ok) ports.log.warn('the requester could not be answered', { requestId: request.requestId, failure: told.failure });
  return done;
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
  const head = await ports.ledger.head(stream, deadline.signal);
  const recorded = head?.body.kind === 'refused' && head.body.requestId === request.requestId;
  if (!recorded) {
    const { requestId, actor, text, command } = request;
    await appendAtEnd(ports, stream, { kind: 'refused', requestId, verb: command.verb, actor, text, reasons }, deadline.signal);
  }
  return answer(ports, request, message, deadline);
};

/** The stream that holds the history of a name: its own, or the one for requests whose hostname is none. */
export const streamOf = (hostname: string | undefined): string => (hostname === undefined || hostname === auditStream ? refusedStream : hostname);
