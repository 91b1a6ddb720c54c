import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createSqsCommandQueue } from '../lib/adapters/aws/sqs-command-queue.ts';
import { understand } from '../lib/core/grammar/grammar.ts';
import { ensureTables } from '../lib/local/dynamodb/ensure-tables.ts';
import { createLocalDynamoDb } from '../lib/local/dynamodb/local-dynamodb.ts';
import { localAws } from '../lib/local/local-aws.ts';
import { createLocalRoute53 } from '../lib/local/route53/local-route53.ts';
import { localSqsClient, startSqsService } from '../lib/local/sqs/sqs-service.ts';
import { zoneSeed } from '../test/support/memory-ports.ts';
import type { Endpoints, Order, Report } from './bench-import/protocol.ts';

// Measures what a bulk of many names costs: requests to Route 53, entries of the ledger, time and memory of a worker, through queue, worker and the local
// Route 53 over sockets. Pauses for the sake of Route 53's limits are counted as time of the worker, and skipped. The last line is JSON; numbers by the
// count of names. `--names 1000` measures that one alone.

const foreignNames = 3;
/** What the garbage collector of a worker with 512 MB may keep, so that it does not grow only because this machine has more. */
const heapMB = 256;
const { values } = parseArgs({ options: { names: { type: 'string', default: '1000,10000' } } });
const sizes = values.names.split(',').map(Number);

const say = (line: string): void => void process.stderr.write(`${line}\n`);

type Sums = Omit<Report, 'bulkId' | 'digest'>;

/** One bulk in a cloud of its own, from its proposal to its announcement. `meddle`: somebody else makes records after the approval, before the first batch. */
const measure = async (names: number, meddle: boolean): Promise<Sums> => {
  await using stack = new AsyncDisposableStack();
  const { region, credentials } = localAws;
  const dynamoDb = createLocalDynamoDb();
  const dynamoDbUrl = (await dynamoDb.listen()).url;
  stack.defer(() => dynamoDb.close());
  const client = stack.adopt(new DynamoDBClient({ endpoint: dynamoDbUrl, region, credentials }), (it) => it.destroy());
  await ensureTables(client, { ledger: 'ledger', state: 'state' });
  const route53 = createLocalRoute53({ clock: { now: Date.now }, zones: [zoneSeed] });
  const route53Url = (await route53.listen()).url;
  stack.defer(() => route53.close());
  const service = await startSqsService({
    port: 0,
    queueName: 'commands',
    visibilityTimeoutSeconds: 36_000,
    maxReceiveCount: 20,
  });
  stack.defer(() => service.close());
  const sqs = stack.adopt(localSqsClient(service.endpoint), (it) => it.destroy());
  const endpoints: Endpoints = { dynamoDbUrl, route53Url, sqsUrl: service.endpoint, queueUrl: service.queueUrl };
  const worker = fork(fileURLToPath(new URL('bench-import/worker.ts', import.meta.url)), [JSON.stringify(endpoints)], {
    execArgv: [`--max-old-space-size=${heapMB}`],
  });
  stack.defer(() => worker.disconnect());
  const reports: Report[] = [];
  const order = async (given: Order): Promise<Report> => {
    worker.send(given);
    const [report]: Report[] = await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => Promise.reject(new Error('the worker has died'))),
    ]);
    if (report === undefined) throw new Error('the worker said nothing');
    reports.push(report);
    return report;
  };

  const prefix = `n${names}`;
  const { bulkId, digest } = await order({ kind: 'propose', names, prefix });
  const understood = understand(`approve ${bulkId} --plan ${digest}`);
  if (understood.kind !== 'command') throw new Error('the approval is not understood');
  await createSqsCommandQueue({ queueUrl: service.queueUrl, client: sqs }).send(
    {
      kind: 'command',
      requestId: `approve-${prefix}`,
      receivedAt: new Date().toISOString(),
      actor: { teamId: 'T0TEAM', userId: 'U0MARIA', userName: 'maria', channelId: 'C0OTHER' },
      replyTo: { channelId: 'C0OTHER', userId: 'U0MARIA' },
      text: understood.text,
      command: understood.command,
      replaceOriginal: false,
    },
    AbortSignal.timeout(10_000),
  );
  await order({ kind: 'work', messages: 1 });
  if (meddle)
    route53.put(
      zoneSeed.id,
      Array.from({ length: foreignNames }, (_, index) => ({
        name: `${prefix}-${index * 300 + 7}.corp.internal`,
        type: 'A',
        ttlSeconds: 300,
        values: ['10.9.9.9'],
      })),
    );
  const last = await order({ kind: 'work', messages: 'all' });
  const sum = (pick: (report: Report) => number): number => reports.reduce((total, report) => total + pick(report), 0);
  return {
    writes: sum((report) => report.writes),
    reads: sum((report) => report.reads),
    polls: sum((report) => report.polls),
    ledgerWrites: sum((report) => report.ledgerWrites),
    wallMs: sum((report) => report.wallMs),
    peakMB: last.peakMB,
    counts: last.counts,
    named: last.named,
  };
};

const measured = new Map<number, Sums>();
for (const names of sizes) {
  const sums = await measure(names, false);
  if (sums.counts.applied !== names) throw new Error(`of ${names} names ${sums.counts.applied} were applied`);
  measured.set(names, sums);
  say(`${names} names: ${JSON.stringify(sums)}`);
}
const foreign = await measure(1_000, true);
say(`1000 names, ${foreignNames} of somebody else's: ${JSON.stringify(foreign)}`);
const by = (pick: (sums: Sums, names: number) => number): Record<string, number> =>
  Object.fromEntries([...measured].map(([names, sums]) => [names, pick(sums, names)]));
process.stdout.write(
  `${JSON.stringify({
    writes: by(({ writes }) => writes),
    reads: by(({ reads }) => reads),
    polls: by(({ polls }) => polls),
    ledgerWrites: by(({ ledgerWrites }) => ledgerWrites),
    msPerName: by(({ wallMs }, names) => Math.round((wallMs / names) * 100) / 100),
    peakMB: Math.max(...[...measured.values(), foreign].map(({ peakMB }) => peakMB)),
    withForeign: { writes: foreign.writes, applied: foreign.counts.applied, named: foreign.named.length },
  })}\n`,
);
process.exit(0);
