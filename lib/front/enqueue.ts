import type { QueueMessage } from '../app/queue/message.ts';
import type { Command } from '../core/grammar/command.ts';
import { type FrontPorts, frontDeadlines, type Incoming, type IncomingOf } from './front-ports.ts';
import type { Asker } from './request.ts';

/** `silent`: the queue was not heard from in time, so that the message may have arrived. */
export type Enqueued = 'queued' | 'refused' | 'silent';

/** Hands a command to the worker within 1.5 s. Never throws. */
export const enqueue = async (
  ports: Pick<FrontPorts, 'queue' | 'log'>,
  { requestId, receivedAt, signal }: Omit<Incoming, 'request'>,
  asker: Asker,
  asked: { readonly command: Command; readonly text: string; readonly replaceOriginal: boolean },
): Promise<Enqueued> => {
  const { responseUrl, ...actor } = asker;
  const { channelId, userId } = actor;
  const message: QueueMessage = {
    kind: 'command',
    requestId,
    receivedAt,
    actor,
    replyTo: { channelId, userId, ...(responseUrl === undefined ? {} : { responseUrl }) },
    ...asked,
    toAdmit: true,
  };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(frontDeadlines.queueMs)]);
  try {
    await ports.queue.send(message, deadline);
    ports.log.info('queued', { requestId, verb: asked.command.verb });
    return 'queued';
  } catch (error) {
    ports.log.error('The queue did not take a command', { requestId, verb: asked.command.verb, error });
    return deadline.aborted ? 'silent' : 'refused';
  }
};

/** Hands what was said to the bot to the worker within 1.5 s. Throws where the queue does not take it. */
export const enqueueMention = async (
  { queue, log }: Pick<FrontPorts, 'queue' | 'log'>,
  { request, requestId, receivedAt, signal }: IncomingOf<'mention'>,
): Promise<void> => {
  const { asker: actor, text, ts, threadTs } = request;
  const said = { kind: 'mention', requestId, receivedAt, actor, channelId: actor.channelId, text, ts } as const;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(frontDeadlines.queueMs)]);
  await queue.send({ ...said, ...(threadTs === undefined ? {} : { threadTs }) }, deadline);
  log.info('queued', { requestId, kind: 'mention' });
};
