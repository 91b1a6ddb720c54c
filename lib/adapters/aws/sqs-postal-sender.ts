import { type PostalMessage, postalDeduplicationId, postalGroup } from '../../app/queue/postal-message.ts';
import { sqsText } from '../../app/queue/sqs-text.ts';
import { createSqsSender, type SqsSenderOptions } from './sqs-sender.ts';

/** The end of the queue of what Postal sent. */
export const createSqsPostalSender = (
  options: SqsSenderOptions,
): { send(message: PostalMessage, signal: AbortSignal): Promise<void> } => {
  const send = createSqsSender(options);
  return {
    send: (message, signal) =>
      send(
        { body: sqsText(message), groupId: postalGroup(message), deduplicationId: postalDeduplicationId(message) },
        signal,
      ),
  };
};
