import type { SQSClient } from '@aws-sdk/client-sqs';
import { type CommandQueue, QueueUnavailable } from '../../app/ports/command-queue.ts';
import { deduplicationId, messageGroup } from '../../app/queue/message-group.ts';
import { sqsText } from '../../app/queue/sqs-text.ts';

export type SqsCommandQueueOptions = {
  readonly queueUrl: string;
  /** By default one from the environment, made when it is first needed. */
  readonly client?: SQSClient;
};

const longestVisibilitySeconds = 43_200;

/** The command queue on SQS FIFO. The SDK is loaded at the first call, so that whoever sends nothing does not pay for it. */
export const createSqsCommandQueue = ({ queueUrl, client }: SqsCommandQueueOptions): CommandQueue => {
  let loading: Promise<{ readonly sdk: typeof import('@aws-sdk/client-sqs'); readonly sqs: SQSClient }> | undefined;

  const load = () => {
    loading ??= import('@aws-sdk/client-sqs').then((sdk) => ({
      sdk,
      sqs: client ?? new sdk.SQSClient({ maxAttempts: 3 }),
    }));
    return loading;
  };

  const unavailable = (what: string, cause: unknown): QueueUnavailable =>
    new QueueUnavailable(`${what} failed`, { cause });

  return {
    send: async (message, signal) => {
      try {
        const { sdk, sqs } = await load();
        await sqs.send(
          new sdk.SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: sqsText(message),
            MessageGroupId: messageGroup(message),
            MessageDeduplicationId: deduplicationId(message),
          }),
          { abortSignal: signal },
        );
      } catch (error) {
        throw unavailable('SendMessage', error);
      }
    },

    retryIn: async (receiptHandle, seconds, signal) => {
      try {
        const { sdk, sqs } = await load();
        const visibility = Math.min(longestVisibilitySeconds, Math.max(0, Math.ceil(seconds)));
        await sqs.send(
          new sdk.ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: visibility,
          }),
          { abortSignal: signal },
        );
      } catch (error) {
        throw unavailable('ChangeMessageVisibility', error);
      }
    },
  };
};
