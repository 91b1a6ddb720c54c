import { subscribe } from 'node:diagnostics_channel';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { createRoute53ZoneListing } from '../../lib/adapters/aws/route53-zone-listing.ts';
import { createRoute53ZoneStore } from '../../lib/adapters/aws/route53-zone-store.ts';
import { createSqsCommandQueue } from '../../lib/adapters/aws/sqs-command-queue.ts';
import { readBulk } from '../../lib/app/bulk/record-bulk.ts';
import { requestBulk } from '../../lib/app/bulk/request-bulk.ts';
import type { Ports } from '../../lib/app/ports/ports.ts';
import { runMessage } from '../../lib/app/worker/run.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import { changeIdOf } from '../../lib/core/ledger/change-id.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { localSqsClient } from '../../lib/local/sqs/sqs-service.ts';
import { countsOf } from '../../lib/messages/bulk/outcome-message.ts';
import { createSocketFifo } from '../../test/support/cloud/socket-fifo.ts';
import { createMemoryPorts } from '../../test/support/memory-ports.ts';
import type { Endpoints, Order, Report } from './protocol.ts';

// The worker of a bench of bulks, in a process of its own, so that its memory is its own. Slack and the prober are in memory; zone, tables and queue are
// reached over sockets.

const endpoints: Endpoints = JSON.parse(process.argv[2] ?? '');
const invocationMs = 88_000;
const { region, credentials } = localAws;
const { signal } = new AbortController();

/** The time that a pause for the sake of Route 53's limits would take passes at once: it counts against a worker's deadline, and not as work. */
const passingClock = (): Clock => {
  let skippedMs = 0;
  return {
    now: () => Date.now() + skippedMs,
    sleep: async (milliseconds) => {
      skippedMs += milliseconds;
    },
  };
};

const count = { writes: 0, reads: 0, polls: 0, ledgerWrites: 0 };
subscribe('http.client.request.start', (message) => {
  const { request } = message as {
    request: { method: string; path: string; host: string; getHeader: (name: string) => unknown };
  };
  if (!endpoints.route53Url.endsWith(String(request.getHeader('host')))) return;
  if (/\/change\//.test(request.path)) count.polls += 1;
  else if (/\/rrset/.test(request.path)) count[request.method === 'POST' ? 'writes' : 'reads'] += 1;
});

const clock = passingClock();
const sqs = localSqsClient(endpoints.sqsUrl);
const memory = createMemoryPorts({
  channels: ['C0AUDIT', 'C0OTHER'],
  policy: { bulk: { names: 10_000, share: { of: 1, atLeast: 10 }, planMinutes: 60 } },
  queue: () => createSqsCommandQueue({ queueUrl: endpoints.queueUrl, client: sqs }),
});
const client = new DynamoDBClient({ endpoint: endpoints.dynamoDbUrl, region, credentials });
const ledger = createDynamoDbLedger({ table: 'ledger', client });
const clientConfig = { endpoint: endpoints.route53Url, region, credentials };
const ports: Ports = {
  ...memory.ports,
  clock,
  ledger: {
    ...ledger,
    append: (...entry) => {
      count.ledgerWrites += 1;
      return ledger.append(...entry);
    },
  },
  state: createDynamoDbStateStore({ table: 'state', clock, client }),
  zones: createRoute53ZoneStore({ clientConfig, clock, random: () => 0 }),
  zoneListing: createRoute53ZoneListing({ clientConfig }),
};
const source = createSocketFifo({ client: sqs, queueUrl: endpoints.queueUrl, deadLetterQueueUrl: '', clock });
const deadline = () => ({ atMs: clock.now() + invocationMs, signal });

let bulkId = '';
const propose = async ({ names, prefix }: Extract<Order, { kind: 'propose' }>): Promise<void> => {
  const receivedAt = new Date(clock.now()).toISOString();
  const requestId = `request-${prefix}`;
  const userId = 'U0MARIA';
  bulkId = changeIdOf(receivedAt, requestId);
  const changes = Array.from({ length: names }, (_, index) => ({
    verb: 'add' as const,
    definition: {
      hostname: `${prefix}-${index}.corp.internal`,
      targets: [`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`],
    },
  }));
  await requestBulk(
    ports,
    {
      kind: 'command',
      requestId,
      receivedAt,
      actor: { teamId: 'T0TEAM', userId, userName: 'maria', channelId: 'C0OTHER' },
      replyTo: { channelId: 'C0OTHER', userId },
      text: 'import',
      command: { verb: 'pending', share: false },
      replaceOriginal: false,
      deliveries: 1,
    },
    { source: 'import', title: 'Import names.csv', changes, leftOut: [] },
    deadline(),
  );
};

const work = async (messages: number | 'all'): Promise<void> => {
  for (let worked = 0; messages === 'all' || worked < messages; worked += 1) {
    const delivery = await source.receive();
    if (delivery === undefined) return;
    const outcome = await runMessage(ports, delivery.message, delivery.deliveries, deadline());
    if (outcome.kind === 'retry') {
      process.stderr.write(`${delivery.message.kind} is left for later: ${outcome.why}\n`);
      await delivery.retryIn(outcome.afterSeconds);
      await clock.sleep(outcome.afterSeconds * 1000, signal);
      continue;
    }
    await delivery.done();
  }
};

process.on('message', async (order: Order) => {
  Object.assign(count, { writes: 0, reads: 0, polls: 0, ledgerWrites: 0 });
  const start = performance.now();
  await (order.kind === 'propose' ? propose(order) : work(order.messages));
  const wallMs = performance.now() - start;
  const bulk = await readBulk(ports, bulkId, signal);
  const report: Report = {
    bulkId,
    digest: bulk?.digest ?? '',
    ...count,
    wallMs,
    peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
    counts: bulk === undefined ? { applied: 0, conflict: 0, failed: 0 } : countsOf(bulk),
    named: [...(bulk?.outcomes.values() ?? [])]
      .filter(({ state }) => state !== 'applied')
      .map(({ hostname }) => hostname),
  };
  process.send?.(report);
});
process.once('disconnect', () => process.exit());
