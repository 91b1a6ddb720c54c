import type { Deadline } from '../../core/base/deadline.ts';
import type { Message, MessengerFailure } from '../../messages/message.ts';
import type { FileToUpload } from '../ports/file-upload.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { answer } from './reply.ts';

/** What people read when the file is there, and when it is not. */
export type HandOverMessages = {
  readonly done: (permalink: string | null) => Message;
  readonly failed: (failure: MessengerFailure) => Message;
};

/** Hands a file to the person who asked for it alone, or with `--share` to the channel, and says so. */
export const handOver = async (
  ports: Ports,
  request: Request<'history'> | Request<'list'> | Request<'report'>,
  file: Omit<FileToUpload, 'destination'>,
  messages: HandOverMessages,
  deadline: Deadline,
): Promise<Outcome> => {
  const { command, replyTo, actor, requestId } = request;
  const destination = command.share ? replyTo.channelId : actor.userId;
  const uploaded = await ports.files.upload({ ...file, destination }, deadline.signal);
  if (!uploaded.ok) ports.log.warn('a file could not be handed over', { requestId, failure: uploaded.failure });
  const message = uploaded.ok ? messages.done(uploaded.value.permalink) : messages.failed(uploaded.failure);
  const alone = { ...request, command: { ...command, share: false }, replaceOriginal: false };
  return answer(ports, alone, message, deadline);
};
