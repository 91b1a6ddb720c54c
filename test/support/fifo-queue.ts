import type { AddressInfo } from 'node:net';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';

export interface FifoQueue {
  readonly url: string;
  readonly endpoint: string;
  readonly client: SQSClient;
  /** Receives what is visible now, with its attributes, and deletes it. */
  drain(): Promise<readonly Message[]>;
  /** Receives one message and leaves it in flight. */
  receive(): Promise<Message | undefined>;
  close(): Promise<void>;
}

/** An SQS client that asks nobody for its credentials. */
export const localSqsClient = (endpoint: string): SQSClient =>
  new SQSClient({ endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });

/** A FIFO queue served over HTTP on a port that the system chooses. */
export const startFifoQueue = async (name = 'commands.fifo'): Promise<FifoQueue> => {
  const app = buildApp({ logger: false });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const endpoint = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const client = localSqsClient(endpoint);
  await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'false' } }),
  );
  const url = `${endpoint}/000000000000/${name}`;
  const receive = async (count: number): Promise<readonly Message[]> =>
    (
      await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: count, MessageSystemAttributeNames: ['All'] }),
      )
    ).Messages ?? [];
  return {
    url,
    endpoint,
    client,
    receive: async () => (await receive(1))[0],
    drain: async () => {
      const all: Message[] = [];
      for (;;) {
        const messages = await receive(10);
        if (messages.length === 0) return all;
        for (const message of messages)
          await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
        all.push(...messages);
      }
    },
    close: async () => {
      client.destroy();
      await app.close();
    },
  };
};
