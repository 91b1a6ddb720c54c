import type { CommandQueue } from '../../app/ports/command-queue.ts';
import { deduplicationId, messageGroup } from '../../app/queue/message-group.ts';
import { sqsText } from '../../app/queue/sqs-text.ts';
import { createSqsSender, type SqsSenderOptions } from './sqs-sender.ts';

/** The front's end of the command queue. */
export const createSqsCommandSender = (options: SqsSenderOptions): Pick<CommandQueue, 'send'> => {
  const send = createSqsSender(options);
  return {
    send: (message, signal) =>
      send(
        { body: sqsText(message), groupId: messageGroup(message), deduplicationId: deduplicationId(message) },
        signal,
      ),
  };
};
