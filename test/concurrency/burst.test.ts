import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { createSqsCommandQueue } from '../../lib/adapters/aws/sqs-command-queue.ts';
import type { Ports } from '../../lib/app/ports/ports.ts';
import { parseMessage } from '../../lib/app/queue/parse-message.ts';
import { waitingAnnouncements } from '../../lib/app/state/announcements.ts';
import { listRegistered } from '../../lib/app/state/directory.ts';
import { runMessage } from '../../lib/app/worker/run.ts';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import { auditStream } from '../../lib/core/ledger/entry.ts';
import { localSqsClient, startSqsService } from '../../lib/local/sqs/sqs-service.ts';
import { auditChannel } from '../support/cloud/cloud.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import { commandMessage } from '../support/cloud/office.ts';

const commands = 1_000;
const names = 600;
const workers = 8;
/** What the SDK has sockets for, with some left for the workers. */
const atOnce = 25;
const { signal } = new AbortController();

const hostnameOf = (number: number): string => `h${number % names}.mail.corp.internal`;

it('loses none of 1,000 commands in a burst, works none twice, and announces every change once', {
  timeout: 240_000,
}, async () => {
  const cloud = createMemoryCloud();
  await using running = new AsyncDisposableStack();
  const service = await startSqsService({
    port: 0,
    queueName: 'burst',
    visibilityTimeoutSeconds: 100,
    maxReceiveCount: 20,
  });
  running.defer(() => service.close());
  const client = running.adopt(localSqsClient(service.endpoint), (it) => it.destroy());
  const { queueUrl: QueueUrl } = service;
  const queue = createSqsCommandQueue({ queueUrl: QueueUrl, client });
  const ports: Ports = { ...cloud.ports, queue };

  const workOne = async (): Promise<boolean> => {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, MessageSystemAttributeNames: ['All'] }),
    );
    const [message] = Messages ?? [];
    if (message?.ReceiptHandle === undefined) return false;
    const parsed = parseMessage(message.Body ?? '');
    if (!parsed.ok) throw new Error(parsed.reason);
    const deliveries = Number(message.Attributes?.ApproximateReceiveCount);
    const outcome = await runMessage(ports, parsed.message, deliveries, { atMs: cloud.clock.now() + 88_000, signal });
    if (outcome.kind === 'done')
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    else await queue.retryIn(message.ReceiptHandle, 0, signal);
    return true;
  };
  const isEmpty = async (): Promise<boolean> => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return (
      Attributes?.['ApproximateNumberOfMessages'] === '0' && Attributes['ApproximateNumberOfMessagesNotVisible'] === '0'
    );
  };
  const poll = async (): Promise<void> => {
    while ((await workOne()) || !(await isEmpty())) await sleep(0);
  };

  const numbers = Array.from({ length: commands }, (_, number) => number);
  const messages = numbers.map((number) =>
    commandMessage(cloud, 'maria', `add ${hostnameOf(number)} 10.1.${Math.floor(number / 250)}.${(number % 250) + 1}`, {
      requestId: `request-${number}`,
    }),
  );
  const send = async (): Promise<void> => {
    for (let start = 0; start < commands; start += atOnce) {
      await Promise.all(messages.slice(start, start + atOnce).map((message) => queue.send(message, signal)));
    }
  };
  // The workers begin while the burst still comes in; whoever finds the queue empty too early is not needed any more.
  await Promise.all([send(), ...Array.from({ length: workers }, poll)]);
  await poll();

  const applied: string[] = [];
  const requests: string[] = [];
  for (const number of numbers.slice(0, names)) {
    const hostname = hostnameOf(number);
    const entries = await cloud.ports.ledger.read(hostname, signal);
    expect(verifyChain(entries, hostname).ok).toBe(true);
    for (const { body } of entries) {
      if (body.kind === 'requested' || body.kind === 'refused') requests.push(body.requestId);
      if (body.kind === 'applied') applied.push(body.changeId);
    }
  }
  expect(requests.toSorted()).toEqual(messages.map(({ requestId }) => requestId).toSorted());
  expect(applied).toHaveLength(names);
  expect(new Set(applied).size).toBe(names);
  expect(await cloud.zone()).toHaveLength(2 * names);
  expect(await listRegistered(cloud.ports.state, signal)).toHaveLength(names);

  const audit = await cloud.ports.ledger.read(auditStream, signal);
  const announced = audit.flatMap(({ body }) =>
    body.kind === 'announced' ? body.changes.map(({ changeId }) => changeId) : [],
  );
  expect(announced.toSorted()).toEqual(applied.toSorted());
  const posted = cloud
    .said()
    .filter(({ channelId, visibleTo }) => channelId === auditChannel && visibleTo === undefined);
  expect(posted).toHaveLength(audit.length);
  expect(await waitingAnnouncements(cloud.ports.state, signal)).toEqual([]);
  const heard = cloud.said().filter(({ visibleTo }) => visibleTo !== undefined);
  expect(heard).toHaveLength(commands);
});
