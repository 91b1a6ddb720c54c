import { expect, it } from 'vitest';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { saveDrift } from '../../../lib/app/state/drift-store.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { adding, addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';
import { orderlyPorts } from '../../support/orderly-ports.ts';

const { signal } = new AbortController();
const host = 'n0.corp.internal';
const guarded = 'a.prod.corp.internal';
const second = {
  channels: ['C0AUDIT', 'C0OTHER', 'C0PROD'],
  policy: {
    protected: [
      { name: 'production', hostnames: ['*.prod.corp.internal'], approvers: { users: ['U0ANNA'] }, channel: 'C0PROD' },
    ],
  },
};

/** A worker whose every outside call takes a while, and bulks of one name, in which nothing is done at the same time. */
const orderly = (...options: Parameters<typeof bulkUnderTest>) => {
  const worker = bulkUnderTest(...options);
  const answers: SubmitResult[] = [];
  const statuses: ('PENDING' | 'INSYNC')[] = [];
  const { zones } = worker.ports;
  const { ports, written, overlaps, pending } = orderlyPorts({
    ...worker.ports,
    zones: {
      ...zones,
      submit: async (...call) => answers.shift() ?? zones.submit(...call),
      changeStatus: async (...call) => {
        const value = statuses.shift();
        return value === undefined ? zones.changeStatus(...call) : { ok: true, value };
      },
    },
  });
  Object.assign(worker.ports, ports);
  const checked = <Result>(result: Result): Result => {
    expect(pending()).toEqual([]);
    expect(overlaps).toEqual([]);
    expect(worker.logged.filter((line) => line.includes('could not'))).toEqual([]);
    return result;
  };
  const work = async (message: QueueMessage, deliveries = 1) => checked(await worker.work(message, deliveries));
  const drain = async (): Promise<void> => {
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await work(next);
  };
  const say = async (line: string, user = 'maria'): Promise<void> => {
    await work({ ...worker.message(line, { user }), replaceOriginal: true });
    await drain();
  };
  return {
    ...worker,
    answers,
    statuses,
    written,
    work,
    drain,
    say,
    press: (label: string, user = 'maria') => say(worker.button(label), user),
    ask: async (...given: Parameters<typeof worker.ask>) => checked(await worker.ask(...given)),
  };
};

const started = ['state put queued-once', 'queue send', 'state put queued-once'];
const handled = 'state put handled-requests';
const remembered = [handled, 'state remove running'];
const applied = [
  'ledger append applying',
  'Route 53 submit',
  'ledger append applied',
  'state put directory',
  'ledger append bulk-settled',
];
/** That it waits for its announcement is noted before the message that announces it is sent, and both before anybody sees its end. */
const ended = ['state put announcements-waiting', 'queue send'];
const announced = [
  'state put announcements-waiting',
  'Slack post',
  'ledger append announced',
  'state put announcements-made',
  'state remove announcements-waiting',
];

it('waits for each write before the next, in this order: a bulk from its request to its announcement', async () => {
  const { ask, press, written } = orderly();
  await ask(importing(addingMany(1)));
  expect(written.splice(0)).toEqual([
    'ledger append bulk-plans',
    'ledger append bulk-requested',
    'state put plans-waiting',
    'Slack reply',
  ]);
  await press('Apply 1');
  expect(written).toEqual([
    'ledger append approved',
    ...started,
    'state remove plans-waiting',
    'Slack reply',
    ...remembered,
    'state put leases',
    'state put bulk-posts',
    'Slack post',
    'state put bulk-posts',
    'ledger append requested',
    ...applied,
    'ledger append bulk-closed',
    ...ended,
    'state remove plans-waiting',
    'Slack edit',
    'state remove leases',
    'state remove queued-once',
    ...announced,
    'state remove queued-once',
  ]);
});

it('waits for each write before the next, in this order: a bulk that needs a second person', async () => {
  const { ask, press, written } = orderly(second);
  await ask(importing([adding(guarded)]));
  written.length = 0;
  await press('Apply 1');
  expect(written.splice(0)).toEqual([
    'ledger append approved',
    'Slack upload',
    'state put bulk-posts',
    'Slack post',
    'state put bulk-posts',
    'Slack reply',
    ...remembered,
  ]);
  await press('Approve 1', 'anna');
  expect(written.slice(0, 8)).toEqual([
    'ledger append approved',
    ...started,
    'Slack edit',
    'state remove plans-waiting',
    'Slack reply',
    handled,
  ]);
  expect(written.slice(written.indexOf('ledger append bulk-closed'))).toEqual([
    'ledger append bulk-closed',
    ...ended,
    'Slack edit',
    'state remove plans-waiting',
    'Slack edit',
    'state remove leases',
    'state remove queued-once',
    ...announced,
    'state remove queued-once',
  ]);
});

it.each([
  ['rejected', 'reject', 'anna'],
  ['cancelled', 'cancel', 'maria'],
])('waits for each write before the next, in this order: a bulk that is %s', async (state, verb, user) => {
  const { ask, press, say, written, bulk, bulkId } = orderly(second);
  await ask(importing([adding(guarded)]));
  await press('Apply 1');
  written.length = 0;
  await say(`${verb} ${bulkId}`, user);
  expect((await bulk())?.state).toBe(state);
  expect(written).toEqual([
    `ledger append ${state}`,
    ...ended,
    'Slack edit',
    'state remove plans-waiting',
    'Slack reply',
    'Slack reply',
    handled,
    ...announced,
    'Slack post',
    'state remove queued-once',
  ]);
});

it('waits for each write before the next, in this order: a bulk that expires', async () => {
  const { ask, press, work, drain, written, bulk, bulkId, clock } = orderly(second);
  await ask(importing([adding(guarded)]));
  await press('Apply 1');
  written.length = 0;
  await clock.advance(61 * 60_000);
  await work({ kind: 'resume', hostname: bulkStream(bulkId), changeId: bulkId });
  await drain();
  expect((await bulk())?.state).toBe('expired');
  expect(written.slice(0, 3)).toEqual(['ledger append expired', ...ended]);
});

it('waits for each write before the next: Route 53 is busy, and takes long to spread the batch', async () => {
  const { ask, press, answers, statuses, clock, bulk, written } = orderly();
  const busy: SubmitResult = { kind: 'failed', failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' } };
  answers.push(busy, busy);
  statuses.push('PENDING', 'PENDING', 'INSYNC');
  await ask(importing(addingMany(1)));
  await press('Apply 1');
  expect((await bulk())?.state).toBe('closed');
  expect(written.filter((each) => each === 'Route 53 submit')).toHaveLength(3);
  expect(statuses).toEqual([]);
  expect(clock.slept.filter((milliseconds) => milliseconds === 3_000)).toHaveLength(2);
});

it('waits for each write before the next: a name that had drifted is changed', async () => {
  const { ask, press, ports, written } = orderly();
  await ask(importing(addingMany(1)));
  const drifted = { sinceMs: 0, finding: { code: 'record-only', text: 'It drifted.', remedy: 'See it.' } };
  await saveDrift(ports.state, host, drifted, signal);
  await press('Apply 1');
  expect(written).toContain('state remove drifts');
});
