import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSqsCommandQueue } from '../../../lib/adapters/aws/sqs-command-queue.ts';
import { QueueUnavailable } from '../../../lib/app/ports/command-queue.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { parseMessage } from '../../../lib/app/queue/parse-message.ts';
import { type FifoQueue, localSqsClient, startFifoQueue } from '../../support/fifo-queue.ts';

const add = (requestId: string, note = 'incoming mail'): QueueMessage => ({
  kind: 'command',
  requestId,
  receivedAt: '2026-03-02T14:02:00.000Z',
  actor: { teamId: 'T1', userId: 'U1', userName: 'maria', channelId: 'C1' },
  replyTo: { channelId: 'C1', userId: 'U1' },
  text: 'add',
  command: {
    verb: 'add',
    definition: { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'], note },
    dryRun: false,
  },
  replaceOriginal: false,
});

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

describe('createSqsCommandQueue', () => {
  let fifo: FifoQueue;
  beforeAll(async () => {
    fifo = await startFifoQueue();
  });
  afterEach(() => fifo.drain());
  afterAll(() => fifo.close());

  const queue = () => createSqsCommandQueue({ queueUrl: fifo.url, client: fifo.client });
  const signal = () => AbortSignal.timeout(20_000);

  it('sends a message with the group and deduplication id that follow from it', async () => {
    await queue().send(add('request-1'), signal());
    const [received] = await fifo.drain();
    expect(parseMessage(received?.Body ?? '')).toEqual({ ok: true, message: add('request-1') });
    expect(received?.Attributes).toMatchObject({
      MessageGroupId: 'name:gitlab.corp.internal',
      MessageDeduplicationId: 'request-1',
    });
  });

  it('sends a repeat of a request once', async () => {
    await queue().send(add('request-2'), signal());
    await queue().send(add('request-2'), signal());
    expect(await fifo.drain()).toHaveLength(1);
  });

  it('carries every character that a person can type', async () => {
    const note = 'é 中 😀 \u0000\u0008\u001b \u2028 \ufffe\uffff "quoted" \\';
    await queue().send(add('request-3', note), signal());
    const [received] = await fifo.drain();
    expect(parseMessage(received?.Body ?? '')).toEqual({ ok: true, message: add('request-3', note) });
  });

  it('makes a message visible again after the seconds given', async () => {
    await queue().send(add('request-4'), signal());
    const inFlight = await fifo.receive();
    expect(await fifo.receive()).toBeUndefined();
    await queue().retryIn(inFlight?.ReceiptHandle ?? '', 0, signal());
    const again = await fifo.receive();
    expect(again?.MessageId).toBe(inFlight?.MessageId);
    await queue().retryIn(again?.ReceiptHandle ?? '', 0, signal());
  });

  it('throws QueueUnavailable, with its cause, for a queue that does not exist', async () => {
    const missing = createSqsCommandQueue({
      queueUrl: `${fifo.endpoint}/000000000000/missing.fifo`,
      client: fifo.client,
    });
    const failure = await missing.send(add('request-5'), signal()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(QueueUnavailable);
    expect(failure).toMatchObject({ message: 'SendMessage failed', cause: expect.any(Error) });
  });

  it('throws QueueUnavailable when nothing listens', async () => {
    const server = createServer();
    const endpoint = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const client = localSqsClient(endpoint);
    const dead = createSqsCommandQueue({ queueUrl: `${endpoint}/000000000000/commands.fifo`, client });
    await expect(dead.send(add('request-6'), signal())).rejects.toBeInstanceOf(QueueUnavailable);
    await expect(dead.retryIn('handle', 1, signal())).rejects.toBeInstanceOf(QueueUnavailable);
    client.destroy();
  });

  it('ends with its signal when the queue is silent', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    const endpoint = await listen(server);
    const client = localSqsClient(endpoint);
    const silent = createSqsCommandQueue({ queueUrl: `${endpoint}/000000000000/commands.fifo`, client });
    const abort = new AbortController();
    server.once('connection', (socket) => socket.once('data', () => abort.abort(new Error('deadline'))));
    await expect(silent.send(add('request-7'), abort.signal)).rejects.toBeInstanceOf(QueueUnavailable);
    client.destroy();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
