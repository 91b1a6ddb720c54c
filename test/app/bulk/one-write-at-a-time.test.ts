import { expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import { registeredAs } from '../../../lib/app/state/directory.ts';
import { saveDrift } from '../../../lib/app/state/drift-store.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { adding, addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';
import { zoneId } from '../../support/memory-ports.ts';
import { orderlyPorts } from '../../support/orderly-ports.ts';

const { signal } = new AbortController();
const death = 'the worker dies';
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
  const askedAt: number[] = [];
  const { zones } = worker.ports;
  const { ports, written, overlaps, pending } = orderlyPorts({
    ...worker.ports,
    zones: {
      ...zones,
      submit: async (...call) => answers.shift() ?? zones.submit(...call),
      changeStatus: async (...call) => {
        askedAt.push(worker.clock.now());
        const value = statuses.shift();
        if (value === undefined) return zones.changeStatus(...call);
        written.push(`Route 53 says ${value}`);
        return { ok: true, value };
      },
    },
  });
  Object.assign(worker.ports, ports);
  const checked = <Result>(result: Result): Result => {
    expect(pending()).toEqual([]);
    expect(overlaps).toEqual([]);
    expect(worker.logged.filter((line) => line.includes('could not') && !line.includes(death))).toEqual([]);
    return result;
  };
  const work = async (...given: Parameters<typeof worker.work>) => checked(await worker.work(...given));
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
    askedAt,
    written,
    work,
    drain,
    say,
    press: (label: string, user = 'maria') => say(worker.button(label), user),
    ask: async (...given: Parameters<typeof worker.ask>) => checked(await worker.ask(...given)),
  };
};

/** The worker dies before it notes something in this collection. */
const diesAt = ({ state }: Pick<Ports, 'state'>, collection: string): Pick<Ports, 'state'> => ({
  state: {
    ...state,
    put: async (item, ...rest) =>
      item.collection === collection ? Promise.reject(new Error(death)) : state.put(item, ...rest),
  },
});

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
  const { ask, press, answers, statuses, askedAt, written } = orderly();
  const busy: SubmitResult = {
    kind: 'failed',
    failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' },
  };
  answers.push(busy, busy);
  statuses.push('PENDING', 'PENDING', 'INSYNC');
  await ask(importing(addingMany(1)));
  await press('Apply 1');
  const sending = written.slice(written.indexOf('Route 53 submit'), written.indexOf('ledger append bulk-closed'));
  expect(sending).toEqual([
    ...Array(3).fill('Route 53 submit'),
    ...applied.slice(2),
    'Route 53 says PENDING',
    'Route 53 says PENDING',
    'Route 53 says INSYNC',
  ]);
  for (const [index, atMs] of askedAt.slice(1).entries())
    expect(atMs - (askedAt[index] ?? 0)).toBeGreaterThanOrEqual(3_000);
});

it('waits for each write before the next: a name that had drifted is changed', async () => {
  const { ask, press, ports, written } = orderly();
  await ask(importing(addingMany(1)));
  const drifted = { sinceMs: 0, finding: { code: 'record-only', text: 'It drifted.', remedy: 'See it.' } };
  await saveDrift(ports.state, host, drifted, signal);
  await press('Apply 1');
  expect(written).toContain('state remove drifts');
});

it('waits for each write before the next: somebody else was quicker at the name, which took a while', async () => {
  const { ask, press, zones, written, clock, ports } = orderly();
  await ask(importing(addingMany(1)));
  zones.put(zoneId, [{ name: host, type: 'A', ttlSeconds: 300, values: ['10.9.9.9'] }]);
  const { readNames } = ports.zones;
  Object.assign(ports.zones, {
    readNames: async (...call: Parameters<typeof readNames>) => {
      await clock.advance(4_000);
      return readNames(...call);
    },
  });
  await press('Apply 1');
  expect(written.slice(written.indexOf('ledger append conflict')).slice(0, 4)).toEqual([
    'ledger append conflict',
    'ledger append bulk-settled',
    'Slack edit',
    'ledger append bulk-closed',
  ]);
});

it('waits for each write before the next: a name was changed again before its bulk was carried on', async () => {
  const { ask, work, message, button, ports, written, queued, say } = orderly({ policy: { confirm: { verbs: [] } } });
  await ask(importing(addingMany(1)));
  await work(message(button('Apply 1')));
  const [resume] = queued.splice(0);
  if (resume === undefined) throw new Error('nothing carries the bulk on');
  await work(resume, 1, diesAt(ports, 'directory'));
  await say(`update ${host} 10.0.9.9`);
  written.length = 0;
  await work(resume, 2);
  expect(written.slice(written.indexOf('state put directory')).slice(0, 3)).toEqual([
    'state put directory',
    'state put directory',
    'ledger append bulk-settled',
  ]);
  expect((await registeredAs(ports.state, host, signal))?.definition.targets).toEqual({
    kind: 'addresses',
    addresses: ['10.0.9.9'],
  });
});

it('waits for each write before the next: a worker died after it had announced', async () => {
  const { ask, work, message, button, ports, written, queued } = orderly();
  await ask(importing(addingMany(1)));
  await work(message(button('Apply 1')));
  for (const given of queued.splice(0)) await work(given);
  const [announcement] = queued.splice(0);
  if (announcement === undefined) throw new Error('nothing announces the bulk');
  await work(announcement, 1, diesAt(ports, 'announcements-made'));
  written.length = 0;
  await work(announcement, 2);
  expect(written).toEqual([
    'state put announcements-made',
    'state remove announcements-waiting',
    'state remove queued-once',
  ]);
});
