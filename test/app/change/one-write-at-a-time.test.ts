import { expect, it } from 'vitest';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import { saveIncident, saveNotification } from '../../../lib/app/state/incident-store.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { unreliable } from '../../support/model/unreliable-ports.ts';
import { type OrderlyPorts, orderlyPorts } from '../../support/orderly-ports.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.mail.corp.internal';
const guarded = 'mail.prod.corp.internal';
const channels = ['C0AUDIT', 'C0OTHER', 'C0APPROVERS', 'C0ONCALL'];
const policy = {
  grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*', 'check:rcpt', 'check:deliver'] }],
  protected: [
    {
      name: 'production',
      hostnames: ['*.prod.corp.internal'],
      approvers: { users: ['U0LI', 'U0MARIA'] },
      channel: 'C0APPROVERS',
    },
  ],
  breakGlass: { users: ['U0ONCALL'] },
  watch: watchRulesSchema.parse({ channel: 'C0ONCALL' }),
};

const unreachable: SubmitResult = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
const denied: SubmitResult = { kind: 'failed', failure: { kind: 'denied', message: 'not authorized' } };

/** A worker whose every outside call takes a while, and that waits for each. */
const orderly = () => {
  const worker = workerUnderTest({ policy, channels });
  const answers: SubmitResult[] = [];
  const statuses: ('PENDING' | 'INSYNC')[] = [];
  const expectedTrouble: unknown[] = [];
  const { zones } = worker.ports;
  const ports = {
    ...worker.ports,
    zones: {
      ...zones,
      submit: async (...call: Parameters<typeof zones.submit>) => answers.shift() ?? zones.submit(...call),
      changeStatus: async (...call: Parameters<typeof zones.changeStatus>) => {
        const value = statuses.shift();
        return value === undefined ? zones.changeStatus(...call) : ({ ok: true, value } as const);
      },
    },
  };
  const seen: OrderlyPorts = orderlyPorts(ports);
  const work = async (message: Parameters<typeof worker.work>[0]): Promise<void> => {
    await worker.work(message, 1, seen.ports);
    expect(seen.pending(), `when ${JSON.stringify(message)} had been worked`).toEqual([]);
    expect(seen.overlaps).toEqual([]);
    expect(worker.logged.filter((line) => line.includes('could not'))).toEqual(expectedTrouble);
  };
  /** As typed, or with the button of a message, which the answer then replaces. */
  const say = async (line: string, user = 'maria', { pressed = false } = {}): Promise<void> => {
    await work({ ...worker.message(line, { user }), replaceOriginal: pressed });
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await work(next);
  };
  const last = async (hostname: string) =>
    [...fold(await worker.ledger.read(hostname, signal)).changes.values()].at(-1);
  const decide = async (verb: string, hostname: string, user: string, pressed = true): Promise<void> => {
    const change = await last(hostname);
    await say(`${verb} ${change?.changeId}${verb === 'approve' ? ` --plan ${change?.plan.digest}` : ''}`, user, {
      pressed,
    });
  };
  return { worker, say, decide, work, last, answers, written: seen.written, statuses, expectedTrouble };
};

it('waits for each write before the next: a name’s whole life', async () => {
  const { say, decide, last } = orderly();
  await say(`add ${host} 10.0.4.12 --standby 10.0.5.12`);
  await say(`update ${host} 10.0.4.13`);
  await decide('approve', host, 'maria');
  await say(`undo ${(await last(host))?.changeId}`);
  await say(`failover ${host}`);
  await decide('approve', host, 'maria');
  await say(`remove ${host}`);
  await decide('cancel', host, 'maria');
  await say(`mute ${host} 2h`);
  await say(`unmute ${host}`);
  await say(`check ${host} --rcpt someone@example.com --deliver`);
  await say(`add ${host} 8.8.8.8`);
  await say('history --export');
});

it('waits for each write before the next: what needs a second person', async () => {
  const { say, decide, last, worker, work } = orderly();
  await say(`add ${guarded} 10.0.4.12`);
  await decide('approve', guarded, 'li');
  expect((await last(guarded))?.state).toBe('applied');
  await say(`update ${guarded} 10.0.4.13`);
  await decide('reject', guarded, 'li');
  await say(`update ${guarded} 10.0.4.13`);
  await worker.clock.advance(16 * 60_000);
  await work({ kind: 'resume', hostname: guarded, changeId: (await last(guarded))?.changeId ?? '' });
  expect((await last(guarded))?.state).toBe('expired');
  await say(`update ${guarded} 10.0.4.14 --break-glass "nobody is awake, mail is down"`, 'oncall');
  expect((await last(guarded))?.state).toBe('applied');
});

it.each<[string, readonly SubmitResult[], string]>([
  ['refuses', [denied], 'failed'],
  ['does not answer', [unreachable, unreachable, unreachable], 'failed'],
  ['answers the second time', [unreachable], 'applied'],
])('waits for each write before the next: Route 53 %s', async (_, given, state) => {
  const { say, last, answers } = orderly();
  answers.push(...given);
  await say(`add ${host} 10.0.4.12`);
  expect((await last(host))?.state).toBe(state);
});

it('waits for each write before the next: an incident from its opening to its end', async () => {
  const { worker, say, work } = orderly();
  await say(`add ${host} 10.0.4.12 --owner C0OWNER01`);
  const incident: Incident = sampleIncident({
    id: `endpoint-${host}-1`,
    hostname: host,
    openedAtMs: worker.clock.now(),
    revision: 1,
    sentence: 'Postal will not get in.',
  });
  const notify = async (change: Partial<Incident>): Promise<void> => {
    const now = { ...incident, ...change };
    await saveIncident(worker.ports.state, now, signal);
    await work({ kind: 'incident', incidentId: now.id, revision: now.revision });
  };
  await notify({});
  await say(`mute ${host} 2h`);
  await notify({ revision: 2, updates: [{ atMs: worker.clock.now(), step: 'note', text: 'It is still down.' }] });
  await notify({
    revision: 3,
    closedAtMs: worker.clock.now(),
    updates: [{ atMs: worker.clock.now(), step: 'resolved', text: 'Resolved.' }],
  });
});

/** The change is in the ledger before it is sent, and in the state table as not announced before it is queued. */
const applied = [
  'ledger append applying',
  'Route 53 submit',
  'ledger append applied',
  'state put directory',
  'state remove drifts',
];
const finished = ['state put probes', 'state put announcements-waiting', 'queue send', 'Slack reply'];
const remembered = ['state put handled-requests', 'state remove running'];
const announced = [
  'state put announcements-waiting',
  'Slack post',
  'ledger append announced',
  'state put announcements-made',
  'state remove announcements-waiting',
  'Slack post',
  'state remove queued-once',
];

it.each<[string, string, readonly string[]]>([
  [
    'an addition',
    `add ${host} 10.0.4.12`,
    ['ledger append requested', ...applied, ...finished, ...remembered, ...announced],
  ],
  [
    'an addition that needs a second person',
    `add ${guarded} 10.0.4.12`,
    [
      'ledger append requested',
      'state put plans-waiting',
      'Slack post',
      'state put plans-waiting',
      'Slack reply',
      ...remembered,
    ],
  ],
  [
    'a refusal',
    `add ${host} 8.8.8.8`,
    ['state put refusal-counts', 'ledger append refused', 'Slack reply', ...remembered],
  ],
])('writes in this order: %s', async (_, line, order) => {
  const { say, written } = orderly();
  await say(line);
  expect(written).toEqual(order);
});

it('writes in this order: an approval with its button, whose message shows each step', async () => {
  const { say, decide, written } = orderly();
  await say(`add ${guarded} 10.0.4.12`);
  written.length = 0;
  await decide('approve', guarded, 'li');
  expect(written).toEqual([
    'ledger append approved',
    'state remove plans-waiting',
    ...applied,
    'Slack reply',
    'Slack reply',
    ...finished,
    'Slack reply',
    ...remembered,
    ...announced,
  ]);
});

it('waits for each write before the next: Route 53 is busy, then takes long to spread a change, and Slack wants a pause', async () => {
  const { say, decide, last, answers, statuses, worker } = orderly();
  answers.push({ kind: 'failed', failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' } });
  statuses.push(...Array.from({ length: 6 }, () => 'PENDING' as const));
  worker.messenger.trouble.push({ kind: 'rate-limited', retryAfterSeconds: 2 });
  await say(`add ${host} 10.0.4.12`);
  expect((await last(host))?.state).toBe('applied');
  expect(statuses).toEqual([]);
  // One that it takes long, and the result.
  expect(worker.messenger.replies).toHaveLength(2);
  statuses.push(...Array.from({ length: 6 }, () => 'PENDING' as const));
  await say(`update ${host} 10.0.4.13`);
  await decide('approve', host, 'maria');
  expect((await last(host))?.state).toBe('applied');
});

it('says in the log whom it could not answer', async () => {
  const { say, worker, expectedTrouble } = orderly();
  worker.messenger.replyTrouble.push({ kind: 'refused', code: 'channel_not_found' });
  expectedTrouble.push(expect.stringContaining('could not be answered'));
  await say(`add ${host} 10.0.4.12`);
});

it('waits for each write before the next: a batch lands after its change was declared failed', async () => {
  const worker = workerUnderTest({ policy, channels });
  const faults = unreliable(worker.ports, () => undefined);
  const seen = orderlyPorts(faults.ports);
  const work = async (message: Parameters<typeof worker.work>[0]): Promise<void> => {
    await worker.work(message, 1, seen.ports);
    expect(seen.pending()).toEqual([]);
    expect(seen.overlaps).toEqual([]);
  };
  faults.submits.push('lost-request', 'lost-request', 'lands-late');
  await work(worker.message(`add ${host} 10.0.4.12`));
  worker.queued.length = 0;
  await faults.landLate();
  const [changeId = ''] = fold(await worker.ledger.read(host, signal)).changes.keys();
  await work({ kind: 'resume', hostname: host, changeId });
  expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applying', 'applying', 'failed', 'applied']);
  for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await work(next);
});

it.each([
  ['dies', async () => Promise.reject(new Error('the worker dies'))],
  ['is told nothing', undefined],
])(
  'waits for each write before the next: a name is asked for whose change is not finished, for the worker %s',
  async (_, submit) => {
    const worker = workerUnderTest({ policy, channels });
    const faults = unreliable(worker.ports, () => undefined);
    if (submit === undefined) faults.submits.push('lost-request', 'lost-request', 'lands-late');
    const unfinished =
      submit === undefined ? faults.ports : { ...worker.ports, zones: { ...worker.ports.zones, submit } };
    await worker.work(worker.message(`add ${host} 10.0.4.12`), 1, unfinished);
    await faults.landLate();
    worker.queued.length = 0;
    const seen = orderlyPorts(worker.ports);
    await worker.work(worker.message(`update ${host} 10.0.4.13`, { user: 'li' }), 1, seen.ports);
    expect(seen.written.filter((each) => each === 'queue send')).toHaveLength(1);
    expect(worker.queued.map(({ kind }) => kind)).toEqual(['resume']);
    expect(seen.overlaps).toEqual([]);
    expect(seen.pending()).toEqual([]);
  },
);

it('waits for each write before the next: a worker dies after it announced, and Slack refuses an announcement', async () => {
  const worker = workerUnderTest({ policy, channels });
  const { state } = worker.ports;
  const put: typeof state.put = async (item, ...rest) => {
    if (item.collection === 'announcements-made') throw new Error('the worker dies');
    return state.put(item, ...rest);
  };
  const dies = { ...worker.ports, state: { ...state, put } };
  await worker.work(worker.message(`add ${host} 10.0.4.12`));
  const [announcement] = worker.queued.splice(0);
  if (announcement === undefined) throw new Error('nothing was queued');
  await worker.work(announcement, 1, dies);
  const seen = orderlyPorts(worker.ports);
  await worker.work(announcement, 2, seen.ports);
  expect(seen.written).toEqual([
    'state put announcements-made',
    ...Array(2).fill(expect.stringContaining('state remove')),
  ]);
  await worker.work(worker.message(`add other.${host} 10.0.4.13`), 1, seen.ports);
  worker.messenger.trouble.push({ kind: 'refused', code: 'not_in_channel' });
  for (const queued of worker.queued.splice(0)) await worker.work(queued, 1, seen.ports);
  expect(seen.written.slice(-3)).toEqual(['Slack post', 'Slack reply', 'state put announcements-waiting']);
  expect(seen.overlaps).toEqual([]);
  expect(seen.pending()).toEqual([]);
});

it('asks approvers with what is known of the name', async () => {
  const { worker, say, decide } = orderly();
  const asked = (): string =>
    JSON.stringify(worker.messenger.posts.findLast(({ channelId }) => channelId === 'C0APPROVERS')?.message);
  await say(`add ${guarded} 10.0.4.12`);
  expect(asked()).not.toContain('last checked');
  await decide('approve', guarded, 'li');
  await say(`update ${guarded} 10.0.4.13`);
  expect(asked()).toContain('last checked');
});

it('waits for each write before the next: the message of an incident is gone from Slack', async () => {
  const { worker, work } = orderly();
  const incident: Incident = sampleIncident({
    id: 'endpoint-1',
    hostname: host,
    openedAtMs: worker.clock.now(),
    revision: 2,
    sentence: 'Postal will not get in.',
  });
  for (const change of [{}, { revision: 3, closedAtMs: worker.clock.now() }]) {
    await saveIncident(worker.ports.state, { ...incident, ...change }, signal);
    const notification = { id: incident.id, channelId: 'C0ONCALL', ts: '1.000001', revision: 1, updates: 0 };
    await saveNotification(worker.ports.state, notification, signal);
    await work({ kind: 'incident', incidentId: incident.id, revision: incident.revision });
  }
});
