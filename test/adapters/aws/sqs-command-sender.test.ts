import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { signedHeaders } from '../../../lib/adapters/aws/sign-request.ts';
import { createSqsCommandSender } from '../../../lib/adapters/aws/sqs-command-sender.ts';
import { QueueUnavailable } from '../../../lib/app/ports/command-queue.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { startFifoQueue } from '../../support/fifo-queue.ts';

const region = 'eu-central-1';
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session-token',
};
const message: QueueMessage = { kind: 'resume', hostname: 'Gitlab.mail.corp.internal.', changeId: '01JD7Q\u{1F680}' };
const signal = () => AbortSignal.timeout(20_000);

type Asked = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Answers the first requests as it is told, and every further one well; `break` hangs up. */
const answering = async (...answers: readonly (number | 'break')[]) => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',') ?? '']),
    );
    const answer = answers[asked.length] ?? 200;
    asked.push({ headers, body: Buffer.concat(chunks).toString('utf8') });
    if (answer === 'break') return request.socket.destroy();
    const failure = { __type: 'com.amazonaws.sqs#AccessDenied', message: 'not yours' };
    response
      .writeHead(answer, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify(answer === 200 ? { MessageId: '1' } : failure));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const queueUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/000000000000/commands.fifo`;
  return { asked, queueUrl };
};

const senderTo = (queueUrl: string) => createSqsCommandSender({ queueUrl, region, credentials, now: () => Date.now() });

describe('the front’s end of the command queue', () => {
  it('sends what the worker receives, in its group', async () => {
    const fifo = await startFifoQueue();
    open.push(() => fifo.close());
    await senderTo(fifo.url).send(message, signal());
    const received = await fifo.drain();
    expect(received.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([message]);
    expect(received[0]?.Attributes).toMatchObject({ MessageGroupId: 'name:gitlab.mail.corp.internal' });
  });

  it('signs as the SDK does', async () => {
    const { asked, queueUrl } = await answering();
    const client = new SQSClient({ region, credentials, endpoint: new URL(queueUrl).origin, md5: false });
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: 'räksmörgås',
        MessageGroupId: 'a',
        MessageDeduplicationId: 'b',
      }),
    );
    client.destroy();
    const { headers = {}, body = '' } = asked[0] ?? {};
    const { authorization = '', 'x-amz-date': time = '' } = headers;
    const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
    const nowMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const own = await signedHeaders(
      new URL(queueUrl),
      Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
      body,
      { region, service: 'sqs', credentials, nowMs },
    );
    expect(names).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']));
    expect(own['authorization']).toBe(authorization);
  });

  it('tells SQS what the SDK would', async () => {
    const { asked, queueUrl } = await answering();
    await senderTo(queueUrl).send(message, signal());
    expect(asked[0]?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessage',
      'x-amz-security-token': 'session-token',
    });
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      QueueUrl: queueUrl,
      MessageGroupId: 'name:gitlab.mail.corp.internal',
    });
    expect(asked[0]?.body).not.toMatch(/[\uD800-\uDFFF]/);
  });

  it.each([
    ['an error of SQS’s', [500, 503]],
    ['a connection that breaks', ['break', 'break']],
    ['too many requests', [429]],
  ] as const)('tries again after %s', async (_, answers) => {
    const { asked, queueUrl } = await answering(...answers);
    await senderTo(queueUrl).send(message, signal());
    expect(asked).toHaveLength(answers.length + 1);
    expect(new Set(asked.map(({ body }) => body)).size).toBe(1);
  });

  it.each([
    ['at once what SQS refuses', [403], 1, 'SQS answered 403 AccessDenied not yours'],
    ['after three tries what goes on', [500, 500, 500], 3, 'SQS answered 500'],
    ['after three connections that break', ['break', 'break', 'break'], 3, ''],
  ] as const)('gives up %s', async (_, answers, tries, why) => {
    const { asked, queueUrl } = await answering(...answers);
    const error: unknown = await senderTo(queueUrl)
      .send(message, signal())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(String(error instanceof Error && error.cause)).toContain(why);
    expect(String(error instanceof Error && error.cause)).not.toContain(credentials.secretAccessKey);
    expect(asked).toHaveLength(tries);
  });

  it('stops when its time is up', async () => {
    const { asked, queueUrl } = await answering();
    await expect(senderTo(queueUrl).send(message, AbortSignal.abort())).rejects.toBeInstanceOf(QueueUnavailable);
    expect(asked).toEqual([]);
  });
});
