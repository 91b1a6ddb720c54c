import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import { sqsEvent, wasProcessed } from './sqs-event.ts';
import { localSqsClient } from './sqs-service.ts';

// Short, for close() waits for the poll that is under way: one given up half-way could take a message with it for the whole visibility timeout.
const waitSeconds = 1;
const pauseAfterErrorMs = 100;
const closingGraceMs = 3000;

/** Lambda's poller between the queue and the worker. */
export interface EventSource {
  /** Stops polling, hands back what was received too late, and waits 3 s at most for the invocations under way: what runs longer is delivered again. */
  close(): Promise<void>;
}

export type EventSourceOptions = {
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly worker: LambdaFunction;
  /** MaximumConcurrency of the event source mapping. */
  readonly maximumConcurrency: number;
  /** Hears of polls and deletions that went wrong; the poller goes on. */
  readonly onError: (error: unknown) => void;
};

/**
 * Plays the event source mapping of a FIFO queue: batch size 1, one message in flight a group (which SQS sees to), deleted when the worker
 * returns without `batchItemFailures`, else left until its visibility timeout ends.
 */
export const startEventSource = ({
  endpoint,
  queueUrl,
  worker,
  maximumConcurrency,
  onError,
}: EventSourceOptions): EventSource => {
  const client = localSqsClient(endpoint);
  const running = new Set<Promise<void>>();
  const closing = new AbortController();

  const receive = async (): Promise<Message | undefined> => {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages?.[0];
  };

  const process = async (message: Message): Promise<void> => {
    const invocation = await worker.invoke(sqsEvent(message, queueUrl));
    if (invocation.kind !== 'returned' || !wasProcessed(invocation.payload)) return;
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
  };

  const handBack = (message: Message) =>
    client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );

  const track = (message: Message): void => {
    const task: Promise<void> = process(message)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) onError(error);
      })
      .finally(() => running.delete(task));
    running.add(task);
  };

  const pollOnce = async (): Promise<void> => {
    try {
      const message = await receive();
      if (!message) return;
      if (closing.signal.aborted) await handBack(message);
      else track(message);
    } catch (error) {
      if (closing.signal.aborted) return;
      onError(error);
      await sleep(pauseAfterErrorMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const poll = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      if (running.size >= maximumConcurrency) await Promise.race(running);
      else await pollOnce();
    }
  };
  const polling = poll();

  return {
    close: async () => {
      closing.abort();
      await polling;
      await Promise.race([Promise.all(running), sleep(closingGraceMs, undefined, { ref: false })]);
      client.destroy();
    },
  };
};
