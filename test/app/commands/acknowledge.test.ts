import { describe, expect, it } from 'vitest';
import { listAcknowledgements, readIncident, saveIncident } from '../../../lib/app/state/incident-store.ts';
import { incidentStream } from '../../../lib/core/ledger/entry.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const minuteMs = 60_000;
const grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
  { name: 'git', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['mute'], hostnames: ['*.git.corp.internal'] },
];

const desk = async (watch: Record<string, unknown> = {}) => {
  const worker = workerUnderTest({
    policy: {
      grants,
      watch: watchRulesSchema.parse({ channel: 'C0ONCALL', userGroup: 'S0MAIL', ...watch }),
    },
    channels: ['C0AUDIT', 'C0ONCALL', 'C0CHIEF'],
  });
  const openedAtMs = worker.clock.now();
  const incident = sampleIncident({
    id: 'target-10.0.4.12-unreachable-1',
    cause: { kind: 'target', target: '10.0.4.12', way: 'unreachable' },
    openedAtMs,
    members: [
      { hostname: 'a.git.corp.internal', state: 'down', joinedAtMs: openedAtMs },
      { hostname: 'b.mail.corp.internal', state: 'down', joinedAtMs: openedAtMs },
    ],
  });
  await saveIncident(worker.ports.state, incident, signal);
  const tell = async () => {
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
    await worker.work({ kind: 'incident', incidentId: incident.id, revision: 1 });
  };
  const head = () => JSON.stringify(worker.messenger.posts.find(({ channelId }) => channelId === 'C0ONCALL')?.message);
  const thread = () => worker.messenger.threadReplies.map(({ message, broadcast }) => [message.text, broadcast]);
  await tell();
  return { worker, incident, tell, head, thread };
};

describe('acknowledge', () => {
  it.each([
    '10.0.4.12',
    'b.mail.corp.internal',
    'target-10.0.4.12-unreachable-1',
    '<http://b.mail.corp.internal|b.mail.corp.internal>',
  ])('takes an incident over by %s: in head, thread, ledger and state, once', async (asked) => {
    const { worker, incident, tell, head, thread } = await desk();
    expect(head()).toContain("I'm on it");
    await worker.say(`acknowledge ${asked}`);
    expect(worker.lastReply()).toContain('<@U0MARIA> is on it: 10.0.4.12 does not answer: 2 endpoints down.');
    await tell();
    expect(head()).toContain('👀 <@U0MARIA> has been on it since');
    expect(head()).not.toContain(`acknowledge ${incident.id}`);
    expect(thread()).toEqual([['👀 <@U0MARIA> is on it.', false]]);
    const entries = await worker.ledger.read(incidentStream(incident.id), signal);
    expect(entries.map(({ body }) => body.kind)).toEqual(['acknowledged']);
    expect((await listAcknowledgements(worker.ports.state, signal)).get(incident.id)).toMatchObject({ by: 'U0MARIA' });
  });

  it('is recorded once, however often the request is delivered', async () => {
    const { worker, incident } = await desk();
    const message = worker.message('acknowledge 10.0.4.12');
    await worker.work(message);
    await worker.ports.state.remove('handled-requests', message.requestId, signal);
    await worker.work(message, 2);
    expect(await worker.ledger.read(incidentStream(incident.id), signal)).toHaveLength(1);
  });

  it('may be done by whoever may mute one of the endpoints, and by nobody else', async () => {
    const { worker, incident } = await desk();
    await worker.say('acknowledge 10.0.4.12', { user: 'li' });
    expect(worker.lastReply()).toContain('<@U0LI> is on it');
    const now = await readIncident(worker.ports.state, incident.id, signal);
    if (now === undefined) throw new Error('the incident is gone');
    await saveIncident(worker.ports.state, { ...now, members: now.members.slice(1) }, signal);
    await worker.say('acknowledge 10.0.4.12', { user: 'li' });
    expect(worker.lastReply()).toContain('there is no open incident for "10.0.4.12"');
  });

  it('says what is open where nothing fits', async () => {
    const { worker } = await desk();
    await worker.say('acknowledge 10.9.9.9');
    expect(worker.lastReply()).toContain('Open: 10.0.4.12 does not answer: 2 endpoints down');
  });
});

describe('reminders and escalation', () => {
  const wait = async (minutes: number, { worker, tell }: Awaited<ReturnType<typeof desk>>): Promise<void> => {
    await worker.clock.advance(minutes * minuteMs);
    await tell();
  };

  it('come when nobody acknowledges, as the policy says, each once', async () => {
    const at = await desk({ escalation: { minutes: 30, channel: 'C0CHIEF', userGroup: 'S0CHIEF' } });
    await wait(14, at);
    expect(at.thread()).toEqual([]);
    await wait(1, at);
    await wait(1, at);
    expect(at.thread()).toEqual([
      [
        expect.stringMatching(/^<!subteam\^S0MAIL> ⏰ Nobody has taken this over for 15 min: 10\.0\.4\.12 does not/),
        true,
      ],
    ]);
    await wait(14, at);
    await wait(30, at);
    expect(at.thread()).toHaveLength(2);
    const chief = at.worker.messenger.posts.filter(({ channelId }) => channelId === 'C0CHIEF');
    expect(chief.map(({ message }) => message.text)).toEqual([
      expect.stringMatching(/^<!subteam\^S0CHIEF> 🚨 Nobody has taken this over for 30 min/),
    ]);
  });

  it('do not come once somebody has, nor for a severity that mentions nobody', async () => {
    const at = await desk();
    await at.worker.say('acknowledge 10.0.4.12');
    await wait(60, at);
    expect(at.thread()).toHaveLength(1);
    const quiet = await desk({ mention: ['plaintext'] });
    await wait(60, quiet);
    expect(quiet.thread()).toEqual([]);
    expect(quiet.head()).not.toContain('subteam');
  });

  it('do not come for an alert that Slack took only after they were due, and of two late ones the last is enough', async () => {
    const at = await desk();
    const { postInThread } = at.worker.messenger;
    at.worker.messenger.postInThread = async () => ({ ok: false, failure: { kind: 'unreachable', message: 'down' } });
    await at.worker.clock.advance(40 * minuteMs);
    await at.worker.work({ kind: 'incident', incidentId: at.incident.id, revision: 1 }, 2);
    at.worker.messenger.postInThread = postInThread;
    await wait(1, at);
    expect(at.thread()).toHaveLength(1);
  });
});
