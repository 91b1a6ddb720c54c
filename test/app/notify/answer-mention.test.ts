import { describe, expect, it } from 'vitest';
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

describe('a mention', () => {
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
