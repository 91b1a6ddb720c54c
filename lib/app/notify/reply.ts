import type { Deadline } from '../../core/base/deadline.ts';
import { auditStream, refusedStream } from '../../core/ledger/entry.ts';
import { isEntered, personBudgets } from '../../core/shares/fair-shares.ts';
import { ownAdvice } from '../../core/validation/own-examples.ts';
import type { Message } from '../../messages/message.ts';
import { withOwnExamples } from '../../messages/refused-message.ts';
import { withShortName } from '../../messages/short-name-message.ts';
import { appendAfter } from '../ledger/append.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { countRefusal, personOf } from '../state/running-store.ts';
import { pressableBy } from './pressable.ts';
import { afterReply, retrySlack } from './retry-slack.ts';

/**
 * Answers the person who asked, and them alone unless they asked to share; without the buttons that they may not press. What Slack puts off is said by a later delivery; what it does not take at all
 * is logged: there is nobody else to notify. `plainer` is said where Slack refuses the message, for a picture that it does not have yet, or no longer has.
 */
export const answer = async (
  ports: Ports,
  request: Request,
  message: Message,
  deadline: Deadline,
  plainer?: Message,
): Promise<Outcome> => {
  const inChannel = 'share' in request.command && request.command.share;
  const { replyTo, replaceOriginal, shortName, command, actor } = request;
  const about = 'hostname' in command ? command.hostname : undefined;
  const said = message.hasExamples ? withOwnExamples(message, ownAdvice(ports.policy)) : message;
  const whole = shortName === undefined || about === undefined ? said : withShortName(said, shortName, about);
  const blocks = await pressableBy(ports, actor, whole.blocks, about, deadline.signal);
  const told = await retrySlack(ports, deadline, !inChannel, () =>
    ports.messenger.reply(replyTo, { ...whole, blocks }, { replaceOriginal, inChannel }, deadline.signal),
  );
  if (!told.ok)
    ports.log.warn('the requester could not be answered', { requestId: request.requestId, failure: told.failure });
  if (!told.ok && told.failure.kind === 'refused' && plainer !== undefined)
    return answer(ports, request, plainer, deadline);
  return afterReply(told);
};

/**
 * Records a refusal, once, however often and by how many workers it is come to: whoever finds the place behind the entries taken that it has read looks
 * again. Requests whose hostname is none share one long stream, of which only a repeated delivery has to read more than the head.
 */
const record = async (
  ports: Ports,
  request: Request,
  stream: string,
  reasons: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const { ledger } = ports;
  const { requestId, actor, text, command, deliveries } = request;
  const isDenial = stream === refusedStream;
  const first = isDenial ? personBudgets.denialsPerHour : personBudgets.refusalsPerHour;
  const what = isDenial ? 'denial' : 'refusal';
  const count = await countRefusal(ports.state, what, personOf(actor), ports.clock.now(), signal);
  if (!isEntered(count, first)) return ports.log.info('a refusal was counted, and not entered', { requestId, count });
  const counted =
    count <= first ? [] : [`counted: ${count} refusals of this person in this hour, of which few are entered`];
  for (;;) {
    const isLong = isDenial && deliveries === 1;
    const entries = isLong ? [await ledger.head(stream, signal)] : await ledger.read(stream, signal);
    if (entries.some((entry) => entry?.body.kind === 'refused' && entry.body.requestId === requestId)) return;
    const body = {
      kind: 'refused',
      requestId,
      verb: command.verb,
      actor,
      text,
      reasons: [...counted, ...reasons],
    } as const;
    if ((await appendAfter(ports, stream, entries.at(-1), body, signal)) !== 'taken') return;
  }
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
  await record(ports, request, stream, reasons, deadline.signal);
  return answer(ports, request, message, deadline);
};

/** The stream that holds the history of a name: its own, or the shared one for requests without a valid hostname. */
export const streamOf = (hostname: string | undefined): string =>
  hostname === undefined || hostname === auditStream ? refusedStream : hostname;
