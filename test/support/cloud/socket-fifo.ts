import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { parseMessage } from '../../../lib/app/queue/parse-message.ts';
import type { Clock } from '../../../lib/core/base/clock.ts';
import type { Delivery, MessageSource } from './cloud.ts';

const visibilityMs = 100_000;

type InFlight = { readonly receiptHandle: string; visibleAt: number };

export type SocketFifoOptions = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * The worker's end of a queue that speaks SQS. How long a message stays hidden goes by the test's clock: it is received for hours, and made visible
 * again when its time has come there.
 */
export const createSocketFifo = ({ client, queueUrl, deadLetterQueueUrl, clock }: SocketFifoOptions): MessageSource => {
  let inFlight: InFlight[] = [];

  const showAgain = async (): Promise<void> => {
    const due = inFlight.filter(({ visibleAt }) => visibleAt <= clock.now());
    inFlight = inFlight.filter((item) => !due.includes(item));
    for (const { receiptHandle } of due) {
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }),
      );
    }
  };

  const hand = ({ Body = '', ReceiptHandle = '', Attributes }: Message): Delivery => {
    const parsed = parseMessage(Body);
    if (!parsed.ok) throw new Error(`a message cannot be read: ${parsed.reason}`);
    const item: InFlight = { receiptHandle: ReceiptHandle, visibleAt: clock.now() + visibilityMs };
    inFlight = [...inFlight, item];
    const remove = async (): Promise<void> => {
      inFlight = inFlight.filter((other) => other !== item);
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    };
    return {
      message: parsed.message,
      deliveries: Number(Attributes?.ApproximateReceiveCount ?? '1'),
      done: remove,
      retryIn: async (seconds) => {
        item.visibleAt = clock.now() + seconds * 1000;
      },
      abandon: async () => undefined,
      bury: async () => {
        await client.send(
          new SendMessageCommand({
            QueueUrl: deadLetterQueueUrl,
            MessageBody: Body,
            MessageGroupId: 'dead',
            MessageDeduplicationId: randomUUID(),
          }),
        );
        await remove();
      },
    };
  };

  return {
    receive: async () => {
      await showAgain();
      const { Messages } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: 0,
          VisibilityTimeout: 36_000,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      const [message] = Messages ?? [];
      return message && hand(message);
    },
    nextAtMs: () => (inFlight.length === 0 ? undefined : Math.min(...inFlight.map(({ visibleAt }) => visibleAt))),
  };
};
