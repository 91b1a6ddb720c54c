import { expect, it } from 'vitest';
import type { QueueMessage } from '../../lib/app/queue/message.ts';
import { parseMessage } from '../../lib/app/queue/parse-message.ts';
import { typedVerbs } from '../../lib/core/grammar/table.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { earlierItems, earlierLines, earlierRecordSets, earlierSetting } from '../support/earlier-version.ts';
import { zoneId } from '../support/memory-ports.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const { signal } = new AbortController();
const { now, policy } = earlierSetting();
const deliveriesAtMost = 12;

/** A worker of today on what the earlier version left in ledger, state table and zone. */
const upgraded = async () => {
  const zone = {
    id: zoneId,
    name: 'corp.internal',
    isPrivate: true,
    vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }],
    recordSets: earlierRecordSets(),
  };
  const channels = ['C0AUDIT', 'C0OTHER', 'C0APPROVERS', 'C0ONCALL'];
  const worker = workerUnderTest({ policy, zones: [zone], channels });
  await worker.clock.advance(Date.parse(now) - worker.clock.now());
  for (const line of earlierLines('ledger.jsonl')) await worker.ledger.append(JSON.parse(line), signal);
  for (const item of earlierItems()) await worker.ports.state.put(item, false, signal);
  return worker;
};

const readBody = (body: string): QueueMessage => {
  const parsed = parseMessage(body);
  if (!parsed.ok) throw new Error(`${parsed.reason}: ${body}`);
  return parsed.message;
};

it('reads all of every message', () => {
  for (const body of earlierLines('queue.jsonl')) expect(readBody(body), body).toEqual(JSON.parse(body));
});

it('has a message of every verb', () => {
  const verbs = earlierLines('queue.jsonl')
    .map(readBody)
    .flatMap((message) => (message.kind === 'command' ? [message.command.verb] : []));
  expect(new Set(verbs).size).toBeGreaterThanOrEqual(22);
  expect(typedVerbs).toEqual(expect.arrayContaining(verbs.filter((verb) => verb !== 'home')));
});

it('works every message to its end, and finishes what was interrupted', async () => {
  const worker = await upgraded();
  for (const body of earlierLines('queue.jsonl')) {
    const message = readBody(body);
    for (let deliveries = 1; ; deliveries += 1) {
      const outcome = await worker.work(message, deliveries);
      if (outcome.kind === 'done') break;
      if (deliveries === deliveriesAtMost) throw new Error(`${body} is never done: ${outcome.why}`);
      await worker.clock.advance(outcome.afterSeconds * 1000);
    }
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
  }
  expect(worker.logged.filter((line) => line.includes('could not be worked'))).toEqual([]);
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
