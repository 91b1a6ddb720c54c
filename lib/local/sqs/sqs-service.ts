import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { localAws } from '../local-aws.ts';

/** A FIFO queue and its dead-letter queue. */
export type QueuePair = { readonly queueUrl: string; readonly deadLetterQueueUrl: string };

/** SQS on loopback with the FIFO queue of the commands and its dead-letter queue. Messages live in memory only. */
export interface SqsService extends QueuePair {
  /** What `AWS_ENDPOINT_URL_SQS` points to. */
  readonly endpoint: string;
  /** Makes another queue with its dead-letter queue. */
  addQueue(options: QueueOptions): Promise<QueuePair>;
  /** Answers waiting long polls with nothing, then stops. */
  close(): Promise<void>;
}

export type QueueOptions = {
  /** Without `.fifo`. */
  readonly queueName: string;
  readonly visibilityTimeoutSeconds: number;
  /** Deliveries after which a message goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
};

/** `port` 0 lets the system choose. */
export type SqsServiceOptions = QueueOptions & { readonly port: number };

/** A client of the emulator. */
export const localSqsClient = (endpoint: string): SQSClient =>
  new SQSClient({ endpoint, region: localAws.region, credentials: { ...localAws.credentials } });

const createFifoQueue = async (
  client: SQSClient,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> => {
  await client.send(new CreateQueueCommand({ QueueName: name, Attributes: { FifoQueue: 'true', ...attributes } }));
};

/** Starts SQS with the two queues that serverless.yml declares for commands. */
export const startSqsService = async (options: SqsServiceOptions): Promise<SqsService> => {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port: options.port });
  // CreateQueue answers with a host name under localhost, which not every resolver knows; the account and name are what counts.
  const urlOf = (name: string): string => `${endpoint}/${localAws.accountId}/${name}`;

  const addQueue = async ({
    queueName,
    visibilityTimeoutSeconds,
    maxReceiveCount,
  }: QueueOptions): Promise<QueuePair> => {
    const [queue, deadLetterQueue] = [`${queueName}.fifo`, `${queueName}-dead-letters.fifo`];
    const client = localSqsClient(endpoint);
    try {
      await createFifoQueue(client, deadLetterQueue, { MessageRetentionPeriod: '1209600' });
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: urlOf(deadLetterQueue), AttributeNames: ['QueueArn'] }),
      );
      await createFifoQueue(client, queue, {
        VisibilityTimeout: String(visibilityTimeoutSeconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount }),
      });
    } finally {
      client.destroy();
    }
    return { queueUrl: urlOf(queue), deadLetterQueueUrl: urlOf(deadLetterQueue) };
  };

  try {
    return { endpoint, ...(await addQueue(options)), addQueue, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
};
