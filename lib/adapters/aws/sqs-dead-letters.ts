import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { QueueUnavailable } from '../../app/ports/command-queue.ts';
import type { DeadLetters } from '../../app/ports/dead-letters.ts';

/** Long enough to hand a batch on; what was not by then is seen again. */
const hiddenSeconds = 60;

/** The dead-letter queue on SQS. */
export const createSqsDeadLetters = ({
  queueUrl,
  client = new SQSClient({ maxAttempts: 3 }),
}: {
  readonly queueUrl: string;
  readonly client?: SQSClient;
}): DeadLetters => ({
  receive: async (signal) => {
    try {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 0,
          VisibilityTimeout: hiddenSeconds,
        }),
        { abortSignal: signal },
      );
      return Messages.flatMap(({ Body, ReceiptHandle }) =>
        Body === undefined || ReceiptHandle === undefined ? [] : [{ body: Body, receiptHandle: ReceiptHandle }],
      );
    } catch (error) {
      throw new QueueUnavailable('ReceiveMessage of the dead letters failed', { cause: error });
    }
  },
  remove: async (receiptHandle, signal) => {
    try {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }), {
        abortSignal: signal,
      });
    } catch (error) {
      throw new QueueUnavailable('DeleteMessage of a dead letter failed', { cause: error });
    }
  },
});
