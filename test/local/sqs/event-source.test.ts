import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import { createLambdaFunction, type LambdaFunction } from '../../../lib/local/lambda/lambda-function.ts';
import { type EventSource, startEventSource } from '../../../lib/local/sqs/event-source.ts';
import { localSqsClient, type SqsService, startSqsService } from '../../../lib/local/sqs/sqs-service.ts';

type Line = { readonly start?: SQSRecord; readonly end?: string; readonly at?: number };

const maximumConcurrency = 3;
const lines: Line[] = [];
const errors: unknown[] = [];
let sqs: SqsService;
let client: SQSClient;
let worker: LambdaFunction;
let source: EventSource;

const start = async (visibilityTimeoutSeconds: number): Promise<void> => {
  lines.length = 0;
  errors.length = 0;
  sqs = await startSqsService({ port: 0, queueName: 'commands', visibilityTimeoutSeconds, maxReceiveCount: 2 });
  client = localSqsClient(sqs.endpoint);
  worker = createLambdaFunction({
    name: 'worker',
    module: new URL('handlers/recording-handler.ts', import.meta.url),
    env: {},
    timeoutSeconds: 10,
    maximumConcurrency,
    log: (_, line) => lines.push(JSON.parse(line)),
  });
  await worker.warm();
  source = startEventSource({ ...sqs, worker, maximumConcurrency, onError: (error) => errors.push(error) });
};

afterEach(async () => {
  await Promise.all([sqs.close(), source.close(), worker.close()]);
  client.destroy();
  expect(errors).toEqual([]);
});

const send = (group: string, body: unknown, deduplicationId: string = crypto.randomUUID()) =>
  client.send(
    new SendMessageCommand({
      QueueUrl: sqs.queueUrl,
      MessageBody: JSON.stringify(body),
      MessageGroupId: group,
      MessageDeduplicationId: deduplicationId,
    }),
  );

const eventually = <Value>(read: () => Value, interval = 20) => expect.poll(read, { timeout: 20_000, interval });
const starts = () => lines.flatMap((line) => (line.start ? [line.start] : []));
const ends = () => lines.flatMap((line) => (line.end ? [line.end] : []));

const countOf = async (queueUrl: string) => {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
};

describe('the event source', () => {
  test('hands a message over as Lambda does and deletes it', async () => {
    await start(60);
    const { MessageId } = await send('gitlab.mail.corp.internal', { hello: 'é' }, 'one');
    await eventually(ends).toEqual([MessageId]);
    expect(starts()).toEqual([
      {
        messageId: MessageId,
        receiptHandle: expect.stringMatching(/./),
        body: '{"hello":"é"}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.stringMatching(/./),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          SequenceNumber: expect.stringMatching(/^\d+$/),
          MessageGroupId: 'gitlab.mail.corp.internal',
          MessageDeduplicationId: 'one',
        },
        messageAttributes: {},
        md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:commands.fifo',
        awsRegion: 'eu-central-1',
      },
    ]);
    await eventually(() => countOf(sqs.queueUrl)).toEqual({ visible: 0, inFlight: 0 });
  });

  test('sees a message sent twice once', async () => {
    await start(60);
    const first = await send('a', { waitMs: 0 }, 'same');
    const second = await send('a', { waitMs: 0 }, 'same');
    expect(second.MessageId).toBe(first.MessageId);
    const last = await send('a', {});
    await eventually(ends).toEqual([first.MessageId, last.MessageId]);
  });

  test('keeps a group in order while other groups go on, up to the maximum concurrency', async () => {
    await start(60);
    const a1 = await send('a', { waitMs: 600 });
    const a2 = await send('a', {});
    const b = await send('b', {});
    await eventually(ends).toEqual([b.MessageId, a1.MessageId, a2.MessageId]);
  });

  test('never runs more than the maximum concurrency, and loses nothing by it', async () => {
    await start(60);
    const sent = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((group) => send(group, { waitMs: 150 })));
    await eventually(ends).toHaveLength(6);
    expect(new Set(ends())).toEqual(new Set(sent.map(({ MessageId }) => MessageId)));
    let running = 0;
    let most = 0;
    for (const line of lines) {
      running += line.start ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(most).toBeLessThanOrEqual(maximumConcurrency);
  });

  test.each(['throw', 'report'])(
    'leaves a message whose worker fails (%s), and SQS moves it to the dead letters after the last try',
    async (fail) => {
      await start(1);
      const { MessageId } = await send('a', { fail });
      await eventually(async () => (await countOf(sqs.deadLetterQueueUrl)).visible).toBe(1);
      expect(starts().map((record) => [record.messageId, record.attributes.ApproximateReceiveCount])).toEqual([
        [MessageId, '1'],
        [MessageId, '2'],
      ]);
      const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.deadLetterQueueUrl }));
      expect(Messages?.map((message) => message.MessageId)).toEqual([MessageId]);
    },
  );

  test('delivers again what ran when the worker crashed', async () => {
    await start(1);
    const { MessageId } = await send('a', { hangAtFirst: true });
    await eventually(() => starts().length).toBe(1);
    await worker.kill();
    await eventually(ends).toEqual([MessageId]);
    expect(starts().map((record) => record.attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
  });

  test('waits, when closed, for what runs', async () => {
    await start(60);
    const { MessageId } = await send('a', { waitMs: 300 });
    await eventually(() => starts().length).toBe(1);
    await source.close();
    await eventually(ends).toEqual([MessageId]);
    expect(await countOf(sqs.queueUrl)).toEqual({ visible: 0, inFlight: 0 });
  });

  test('does not wait, when closed, for what goes on and on', async () => {
    await start(60);
    await send('a', { hangAtFirst: true });
    await eventually(() => starts().length).toBe(1);
    await source.close();
    expect(ends()).toEqual([]);
    expect(await countOf(sqs.queueUrl)).toEqual({ visible: 0, inFlight: 1 });
  });

  test('picks a message up at once', async () => {
    await start(60);
    await send('a', {});
    await eventually(ends).toHaveLength(1);
    const waits: number[] = [];
    for (let count = 2; count <= 12; count += 1) {
      const sentAt = Date.now();
      await send('a', {});
      await eventually(ends, 5).toHaveLength(count);
      waits.push((lines.findLast((line) => line.start)?.at ?? Number.POSITIVE_INFINITY) - sentAt);
    }
    // The median of eleven: one that meets a busy machine does not count. Polling at an interval of seconds would.
    expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(300);
  });
});
