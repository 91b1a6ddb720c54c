import { describe, expect, it } from 'vitest';
import { QueueUnavailable } from '../../../lib/app/ports/command-queue.ts';
import { saveIncident } from '../../../lib/app/state/incident-store.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const hosts = ['a.mail.corp.internal', 'b.mail.corp.internal'];
const channelId = 'C0ONCALL';

/** An alert of a machine with two names, and a third name that has nothing to do with it. */
const open = async (grants?: Parameters<typeof workerUnderTest>[0]) => {
  const watch = watchRulesSchema.parse({ channel: channelId });
  const worker = workerUnderTest({ policy: { watch, ...grants?.policy }, channels: ['C0AUDIT', 'C0OTHER', channelId] });
  for (const [index, host] of [...hosts, 'c.mail.corp.internal'].entries())
    await worker.say(`add ${host} 10.0.4.${index < 2 ? 12 : 13}`);
  const joinedAtMs = worker.clock.now();
  const incident = sampleIncident({
    id: 'target-10.0.4.12-unreachable-1',
    cause: { kind: 'target', target: '10.0.4.12', way: 'unreachable' },
    openedAtMs: joinedAtMs,
    members: hosts.map((hostname) => ({ hostname, state: 'down', joinedAtMs })),
  });
  await saveIncident(worker.ports.state, incident, signal);
  await worker.work({ kind: 'incident', incidentId: incident.id, revision: 1 });
  const threadTs = worker.messenger.posts.findLast((post) => post.channelId === channelId)?.ts ?? '';
  let serial = 0;
  const mention = async (text: string, where: { threadTs?: string } = { threadTs }, requestId = `m-${++serial}`) => {
    const before = worker.messenger.replies.length;
    const receivedAt = new Date(worker.clock.now()).toISOString();
    const actor = { teamId: 'T0TEAM', userId: 'U0MARIA', userName: '', channelId };
    await worker.work({ kind: 'mention', requestId, receivedAt, actor, channelId, ts: '1.000001', text, ...where });
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
    return JSON.stringify(
      [...worker.messenger.replies.slice(before), ...worker.messenger.threadReplies].map(({ message }) => message),
    );
  };
  return { worker, mention, threadTs };
};

/** The same, and an incident of the third name alone, which has its own thread. */
const openSecond = async () => {
  const opened = await open();
  const { worker } = opened;
  const hostname = 'c.mail.corp.internal';
  const second = sampleIncident({ id: 'single-c-1', hostname, openedAtMs: worker.clock.now() });
  await saveIncident(worker.ports.state, second, signal);
  await worker.work({ kind: 'incident', incidentId: second.id, revision: 1 });
  const secondTs = worker.messenger.posts.findLast((post) => post.channelId === channelId)?.ts ?? '';
  return { ...opened, hostname, secondTs };
};

describe('a mention', () => {
  it('is about the incident of its own thread, not about another that is open', async () => {
    const { worker, mention, threadTs, hostname, secondTs } = await openSecond();
    for (const [thread, names] of [
      [threadTs, hosts],
      [secondTs, [hostname]],
    ] as const) {
      worker.probes.length = 0;
      await mention('check', { threadTs: thread });
      expect(worker.probes.map((probe) => probe.hostname).toSorted()).toEqual(names);
    }
  });

  it('mutes the only name of an incident without a common target; of several names it asks which', async () => {
    const { worker, mention, hostname, secondTs } = await openSecond();
    const muted = await mention('mute 2h', { threadTs: secondTs });
    expect(muted).toContain(hostname);
    expect(muted).not.toContain('did not understand');
    const members = hosts.map((each) => ({ hostname: each, state: 'down' as const, joinedAtMs: worker.clock.now() }));
    const third = sampleIncident({ id: 'mass-1', cause: { kind: 'mass-outage' }, members });
    await saveIncident(worker.ports.state, third, signal);
    await worker.work({ kind: 'incident', incidentId: third.id, revision: 1 });
    const thirdTs = worker.messenger.posts.findLast((post) => post.channelId === channelId)?.ts ?? '';
    await mention('mute 2h', { threadTs: thirdTs });
    expect(JSON.stringify(worker.messenger.replies.at(-1)?.message)).toContain('did not understand');
  });

  it('is answered later where Slack asks to wait, and passed on later where the queue does not answer', async () => {
    const { worker } = await open();
    const actor = { teamId: 'T0TEAM', userId: 'U0MARIA', userName: '', channelId };
    const receivedAt = new Date(worker.clock.now()).toISOString();
    const given = { kind: 'mention', requestId: 'm', receivedAt, actor, channelId, ts: '1.000001' } as const;
    const help = { ...given, text: 'help' };
    worker.messenger.replyTrouble.push({ kind: 'rate-limited', retryAfterSeconds: 120 });
    expect(await worker.work(help)).toMatchObject({ kind: 'retry', afterSeconds: 120 });
    expect(await worker.work(help)).toEqual({ kind: 'done' });
    const send = () => Promise.reject(new QueueUnavailable('no answer'));
    const queue = { ...worker.ports.queue, send };
    const status = { ...given, text: 'status' };
    expect(await worker.work(status, 1, { queue })).toMatchObject({
      kind: 'retry',
      why: 'The queue does not answer just now.',
    });
  });

  it('checks the names of the incident whose thread it is in, and answers there', async () => {
    const { worker, mention, threadTs } = await open();
    worker.probes.length = 0;
    const said = await mention('check');
    expect(worker.probes.map(({ hostname }) => hostname).toSorted()).toEqual(hosts);
    for (const host of hosts) expect(said).toContain(host);
    const places = worker.messenger.replies.map(({ to }) => to.threadTs);
    expect([...places, ...worker.messenger.threadReplies.map((each) => each.threadTs)]).toContain(threadTs);
    expect(worker.messenger.posts.filter((post) => post.channelId === channelId)).toHaveLength(1);
  });

  it('mutes the target of the incident', async () => {
    const { mention } = await open();
    expect(await mention('mute 2h')).toContain('Every name with target `10.0.4.12`');
  });

  it('does nothing to a name, and says so', async () => {
    const { worker, mention } = await open();
    const before = await worker.kinds('a.mail.corp.internal');
    expect(await mention('remove a.mail.corp.internal')).toContain('does not work by mention');
    expect(await worker.kinds('a.mail.corp.internal')).toEqual(before);
  });

  it('knows no names outside of a thread, and answers in a thread of its own', async () => {
    const { worker, mention } = await open();
    expect(await mention('check', {})).toContain('did not understand');
    expect(worker.messenger.replies.at(-1)?.to.threadTs).toBe('1.000001');
  });

  it('is answered once, however often Slack sends its event', async () => {
    const { worker, mention } = await open();
    await mention('status', undefined, 'again');
    const answers = worker.messenger.replies.length;
    await mention('status', undefined, 'again');
    expect(worker.messenger.replies).toHaveLength(answers);
  });

  it('has no more rights than a command', async () => {
    const grants = [
      { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['add'] },
      { name: 'check', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['check'] },
    ];
    const { worker, mention } = await open({ policy: { grants } });
    worker.probes.length = 0;
    expect(await mention('check')).toContain('whoami');
    expect(worker.probes).toEqual([]);
  });
});
