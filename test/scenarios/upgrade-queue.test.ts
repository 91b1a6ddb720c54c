import { expect, it } from 'vitest';
import type { QueueMessage } from '../../lib/app/queue/message.ts';
import { parseMessage } from '../../lib/app/queue/parse-message.ts';
import { bulkStream } from '../../lib/core/bulk/bulk-stream.ts';
import { foldBulk } from '../../lib/core/bulk/fold-bulk.ts';
import { typedVerbs } from '../../lib/core/grammar/table.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { earlierVersion } from '../support/earlier-version.ts';
import { zoneId } from '../support/memory-ports.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const { signal } = new AbortController();
type Earlier = ReturnType<typeof earlierVersion>;
const [first, bulks] = [earlierVersion('upgrade'), earlierVersion('upgrade-bulks')];
/** A bulk waits for the turn of one whose worker died, 5 s at a time. */
const deliveriesAtMost = 40;

/** A worker of today on what the earlier version left in ledger, state table and zone. */
const upgraded = async (earlier: Earlier) => {
  const { now, policy } = earlier.setting();
  const zone = {
    id: zoneId,
    name: 'corp.internal',
    isPrivate: true,
    vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }],
    recordSets: earlier.recordSets(),
  };
  const channels = ['C0AUDIT', 'C0OTHER', 'C0APPROVERS', 'C0ONCALL'];
  const worker = workerUnderTest({ policy, zones: [zone], channels });
  await worker.clock.advance(Date.parse(now) - worker.clock.now());
  for (const line of earlier.lines('ledger.jsonl')) await worker.ledger.append(JSON.parse(line), signal);
  for (const item of earlier.items()) await worker.ports.state.put(item, false, signal);
  return worker;
};

const readBody = (body: string): QueueMessage => {
  const parsed = parseMessage(body);
  if (!parsed.ok) throw new Error(`${parsed.reason}: ${body}`);
  return parsed.message;
};

type Worker = Awaited<ReturnType<typeof upgraded>>;

/** Works a message to its end, as often as it takes, and whatever it queues. */
const workToEnd = async (worker: Worker, message: QueueMessage): Promise<void> => {
  for (let deliveries = 1; ; deliveries += 1) {
    const outcome = await worker.work(message, deliveries);
    if (outcome.kind === 'done') break;
    if (deliveries === deliveriesAtMost) throw new Error(`${JSON.stringify(message)} is never done: ${outcome.why}`);
    await worker.clock.advance(outcome.afterSeconds * 1000);
  }
  for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
    await workToEnd(worker, next);
};

const workAll = async (worker: Worker, bodies: readonly string[]): Promise<void> => {
  for (const body of bodies) await workToEnd(worker, readBody(body));
  expect(worker.logged.filter((line) => line.includes('could not be worked'))).toEqual([]);
};

it.each([first, bulks])('reads all of every message of $name', ({ lines }) => {
  for (const body of lines('queue.jsonl')) expect(readBody(body), body).toEqual(JSON.parse(body));
});

it('has a message of every verb', () => {
  const verbs = first
    .lines('queue.jsonl')
    .map(readBody)
    .flatMap((message) => (message.kind === 'command' ? [message.command.verb] : []));
  expect(new Set(verbs).size).toBeGreaterThanOrEqual(22);
  expect(typedVerbs).toEqual(expect.arrayContaining(verbs.filter((verb) => verb !== 'home')));
});

it('works every message to its end, and finishes what was interrupted', async () => {
  const worker = await upgraded(first);
  await workAll(worker, first.lines('queue.jsonl'));
  const statesOf = async (hostname: string): Promise<readonly string[]> =>
    [...fold(await worker.ledger.read(hostname, signal)).changes.values()].map(({ verb, state }) => `${verb} ${state}`);
  expect(await statesOf('interrupted-requested.mail.corp.internal')).toEqual(['add applied']);
  expect(await statesOf('interrupted-applying.mail.corp.internal')).toEqual(['add applied']);
  expect((await statesOf('h4.git.corp.internal')).at(-1)).toBe('update applied');
  expect(await statesOf('h.prod.corp.internal')).toEqual(['add applied']);
  expect(await statesOf('urgent.prod.corp.internal')).toEqual(['add applied']);
  expect(await statesOf('queued.mail.corp.internal')).toEqual(['add applied']);
  expect((await statesOf('h5.git.corp.internal')).at(-1)).toBe('update cancelled');
});

it('carries on every bulk, and takes one back that was applied then', async () => {
  const worker = await upgraded(bulks);
  const ids = bulks
    .lines('ledger.jsonl')
    .map((line): Entry => JSON.parse(line))
    .flatMap(({ body }) => (body.kind === 'bulk-requested' ? [body.bulkId] : []));
  const read = async (bulkId = '') => foldBulk(await worker.ledger.read(bulkStream(bulkId), signal)).bulk;
  await workAll(worker, bulks.lines('queue.jsonl'));
  expect(await Promise.all(ids.map(async (id) => [(await read(id))?.title, (await read(id))?.state]))).toEqual([
    ['Move 10.0.4.12 to 10.0.5.12', 'closed'],
    ['Retry of bulk 01KJ…Y6', 'requested'],
    ['Undo: Move 10.0.4.12 to 10.0.5.12', 'closed'],
    ['Adopt *.git.corp.internal', 'closed'],
    ['Move 10.0.4.12 to 10.0.5.13', 'rejected'],
    ['Move 10.0.4.12 to 10.0.5.13', 'cancelled'],
    ['Move 10.0.4.12 to 10.0.5.14', 'expired'],
    ['Move 10.0.7.120 to 10.0.7.1', 'closed'],
    ['Move 10.0.9.9 to 10.0.9.10', 'closed'],
    ['Move 10.0.4.12 to 10.0.5.15', 'closed'],
    ['Move 10.0.4.12 to 10.0.5.16', 'closed'],
    ['Undo the changes of @maria of the last 2h', 'requested'],
  ]);
  const interrupted = await read(ids[9]);
  expect([...(interrupted?.outcomes.values() ?? [])].map(({ state }) => state)).toEqual(Array(4).fill('applied'));
  // Of the two names that were adopted one has been moved since.
  await worker.say(`undo ${ids[3]}`);
  expect(worker.lastReply()).toContain('Apply 1 of 2');
});
