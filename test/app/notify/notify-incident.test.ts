import { describe, expect, it } from 'vitest';
import {
  forgetIncident,
  readNotification,
  saveIncident,
  saveNotification,
} from '../../../lib/app/state/incident-store.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();

const open = (rules: Record<string, unknown> = { channel: 'C0ONCALL', userGroup: 'S0MAIL' }) => {
  const worker = workerUnderTest({
    policy: { watch: watchRulesSchema.parse(rules) },
    channels: ['C0AUDIT', 'C0ONCALL', 'C0OWNER1'],
  });
  const incident: Incident = sampleIncident({
    hostname: host,
    openedAtMs: worker.clock.now(),
    sentence: 'Postal will not get in: it will retry for about 31 h, then bounce.',
    findings: [{ code: 'connect-refused', text: '10.0.4.12 refuses connections.', remedy: 'Start the mail server.' }],
  });
  const tell = async (change: Partial<Incident> = {}, deliveries = 1) => {
    const now = { ...incident, ...change };
    await saveIncident(worker.ports.state, now, signal);
    return worker.work({ kind: 'incident', incidentId: now.id, revision: now.revision }, deliveries);
  };
  const heads = () =>
    worker.messenger.posts.map(({ channelId, message }) => ({
      channelId,
      said: `${message.text} ${JSON.stringify(message.blocks)}`,
    }));
  const head = () => heads().find(({ channelId }) => channelId === 'C0ONCALL')?.said ?? '';
  const thread = () => worker.messenger.threadReplies.map(({ message }) => message.text);
  return { worker, incident, tell, heads, head, thread };
};

describe('an incident', () => {
  it('is told once, in the on-call channel, with what Postal does and what to do', async () => {
    const { tell, heads } = open();
    await tell();
    await tell();
    expect(heads()).toHaveLength(1);
    expect(heads()[0]).toMatchObject({ channelId: 'C0ONCALL' });
    for (const word of [
      'is down',
      'will retry for about 31 h',
      'Start the mail server',
      '<!subteam^S0MAIL>',
      `mute ${host} 2h`,
      `history ${host}`,
    ])
      expect(heads()[0]?.said).toContain(word);
  });

  it('names the owner, and offers a failover where there is a standby and the server is to blame', async () => {
    const { worker, tell, head } = open();
    await tell();
    expect(head()).not.toContain(`failover ${host}`);
    await worker.say(`add ${host} 10.0.4.12 --standby 10.0.5.12 --owner U0LI --name "GitLab <EU>"`);
    await tell({ revision: 2 });
    expect(head()).toContain(`failover ${host}`);
    expect(head()).toContain('Standby `10.0.5.12`: not checked yet');
    expect(head()).toContain('In Postal: `GitLab &lt;EU&gt;`');
    expect(head()).toContain('owner <@U0LI>');
    await tell({ ...sampleIncident({ hostname: host, state: 'drifted' }), revision: 3 });
    expect(head()).not.toContain(`failover ${host}`);
    expect(head()).not.toContain('10.0.5.12');
    expect(head()).toContain(`drift ${host}`);
  });

  it('says once it is over that a failover mended it, and where the name leads now', async () => {
    const { worker, tell, head } = open();
    await worker.say(`add ${host} 10.0.4.12 --standby 10.0.5.12`);
    await worker.clock.advance(60_000);
    const openedAtMs = worker.clock.now();
    const over = (revision: number) =>
      tell({ revision, openedAtMs, closedAtMs: worker.clock.now(), sentence: 'Postal gets in again.' });
    await over(1);
    expect(head()).toContain('Postal gets in again."');
    await worker.say(`failover ${host}`);
    const [change] = [...fold(await worker.ledger.read(host, signal)).changes.values()].slice(-1);
    await worker.say(`approve ${change?.changeId} --plan ${change?.plan.digest}`);
    await worker.clock.advance(60_000);
    await over(2);
    expect(head()).toContain('Postal gets in again, now on its standby 10.0.5.12.');
    // An incident that had ended before the failover was not mended by it.
    await tell({
      revision: 3,
      openedAtMs: openedAtMs - 2,
      closedAtMs: openedAtMs - 1,
      sentence: 'Postal gets in again.',
    });
    expect(head()).toContain('Postal gets in again."');
  });

  it('says at once in head and thread that it was muted, until when and by whom, and later that it no longer is', async () => {
    const { worker, tell, head, thread } = open();
    await worker.say(`add ${host} 10.0.4.12`);
    await tell();
    await worker.say(`mute ${host} 2h --reason "a new rack"`);
    for (const word of ['Muted until', 'by <@U0MARIA>: a new rack', `unmute ${host}`]) expect(head()).toContain(word);
    await tell();
    expect(thread()).toEqual([expect.stringMatching(/^🔕 Muted until .* by <@U0MARIA>: a new rack\.$/)]);

    await worker.say(`unmute ${host}`);
    await tell();
    expect(head()).not.toContain('uted until');
    expect(thread().slice(1)).toEqual([
      expect.stringMatching(/^🔔 No longer muted, and not resolved: .* is down\. Postal will not get in/),
    ]);
    expect(worker.messenger.threadReplies.map(({ broadcast }) => broadcast)).toEqual([false, true]);
  });

  it('says nothing of mutes once it is over', async () => {
    const { worker, incident, tell, head, thread } = open();
    await worker.say(`add ${host} 10.0.4.12`);
    await tell();
    await tell({ revision: 2, closedAtMs: incident.openedAtMs + 600_000 });
    await worker.say(`mute ${host} 2h`);
    await tell({ revision: 2, closedAtMs: incident.openedAtMs + 600_000 });
    expect(head()).not.toContain('uted until');
    expect(thread()).toEqual([]);
  });

  it('that opens again says nothing of a mute that ended while it was over', async () => {
    const { worker, incident, tell, thread } = open();
    await worker.say(`add ${host} 10.0.4.12`);
    await tell();
    await worker.say(`mute ${host} 2h`);
    await tell({ revision: 2, closedAtMs: incident.openedAtMs + 600_000 });
    await worker.say(`unmute ${host}`);
    await tell({ revision: 3 });
    expect(thread().filter((text) => text.includes('uted'))).toEqual([expect.stringMatching(/^🔕 Muted until /)]);
  });

  it('goes to the on-call channel, and with an owner’s endpoints alone to that owner’s channel', async () => {
    const { worker, tell, heads, incident } = open();
    const two = sampleIncident({
      ...incident,
      id: 'target-10.0.4.12-unreachable-1',
      cause: { kind: 'target', target: '10.0.4.12', way: 'unreachable' },
      members: [
        { hostname: host, state: 'down', joinedAtMs: incident.openedAtMs },
        { hostname: 'mine.mail.corp.internal', state: 'down', joinedAtMs: incident.openedAtMs, owner: 'C0OWNER1' },
      ],
    });
    await tell(two);
    const toOwner = { kind: 'incident', incidentId: two.id, revision: 1, destination: 'channel:C0OWNER1' } as const;
    await worker.work(toOwner);
    await worker.work(toOwner);
    expect(heads().map(({ channelId }) => channelId)).toEqual(['C0ONCALL', 'C0OWNER1']);
    expect(heads()[0]?.said).toContain('10.0.4.12 does not answer: 2 endpoints down');
    expect(heads()[1]?.said).toContain('mine.mail.corp.internal is down');
    expect(heads()[1]?.said).not.toContain(host);
    expect(heads()[1]?.said).not.toContain('subteam');
  });

  it('mentions the on-call group though the clock of an update was behind', async () => {
    const { tell, head, incident } = open();
    const updates = [{ atMs: incident.raisedAtMs - 1_000, step: 'note' as const, text: 'It is seen from elsewhere.' }];
    await tell({ updates });
    expect(head()).toContain('<!subteam^S0MAIL>');
  });

  it('marks each reply in its thread, so that it can be found again', async () => {
    const { worker, tell, incident } = open({ channel: 'C0ONCALL', userGroup: 'S0MAIL', reminder: { minutes: 15 } });
    await tell();
    await worker.clock.advance(16 * 60_000);
    await tell({ revision: 2, updates: [{ atMs: worker.clock.now() - 60_000, step: 'worse', text: 'Down.' }] });
    const found = (key: string, value: string | number) =>
      worker.messenger.threadReplies.filter(({ metadata }) => metadata.event_payload[key] === value);
    expect(found('update', 1).map(({ message }) => message.text)).toEqual(['<!subteam^S0MAIL> Down.']);
    expect(found('step', 'reminder-1')).toHaveLength(1);
    expect(found('incident_id', incident.id)).toHaveLength(2);
  });

  it('says in an owner’s thread which of their endpoints were added, and nothing of those of others', async () => {
    const { worker, tell, incident } = open();
    const joinedAtMs = incident.openedAtMs;
    const grown = (hostname: string) => ({
      atMs: joinedAtMs,
      step: 'grown' as const,
      text: hostname,
      hostnames: [hostname],
    });
    const names = ['one.mail.corp.internal', 'two.mail.corp.internal'];
    const two: Incident = {
      ...incident,
      cause: { kind: 'target', target: '10.0.4.12', way: 'unreachable' },
      members: [
        { hostname: host, state: 'down', joinedAtMs },
        ...names.map((hostname) => ({ hostname, state: 'down' as const, joinedAtMs, owner: 'C0OWNER1' })),
      ],
      updates: [grown(host), grown('two.mail.corp.internal')],
    };
    await tell(two);
    await worker.work({ kind: 'incident', incidentId: two.id, revision: 1, destination: 'channel:C0OWNER1' });
    const inChannel = (channelId: string) =>
      worker.messenger.threadReplies
        .filter((reply) => reply.channelId === channelId)
        .map(({ message }) => message.text);
    expect(inChannel('C0ONCALL')).toHaveLength(2);
    expect(inChannel('C0OWNER1')).toEqual([expect.stringContaining('two.mail.corp.internal')]);
  });

  it('says nothing where policy names no channel', async () => {
    const { tell, heads } = open({});
    expect(await tell()).toEqual({ kind: 'done' });
    expect(heads()).toEqual([]);
  });

  it('tells what happened since in its thread, each once, and edits the head', async () => {
    const { tell, heads, thread, incident } = open();
    await tell();
    const updates = [
      { atMs: incident.openedAtMs + 60_000, step: 'note' as const, text: 'Now the other address is gone, too.' },
    ];
    await tell({ revision: 2, sentence: 'Postal finds nobody.', updates });
    await tell({ revision: 2, sentence: 'Postal finds nobody.', updates });
    expect(thread()).toEqual(['Now the other address is gone, too.']);
    expect(heads()).toHaveLength(1);
    expect(heads()[0]?.said).toContain('Postal finds nobody.');
  });

  it('turns green and says how long it lasted', async () => {
    const { tell, heads, incident } = open();
    await tell();
    await tell({ revision: 2, closedAtMs: incident.openedAtMs + 200 * 60_000 });
    expect(heads()).toHaveLength(1);
    expect(heads()[0]?.said).toContain('for 3 h 20 min');
  });

  it('is told even if it was over before anybody heard of it', async () => {
    const { tell, heads, incident } = open();
    await tell({ revision: 2, closedAtMs: incident.openedAtMs + 600_000 });
    expect(heads()).toHaveLength(1);
    expect(heads()[0]?.said).toContain('for 10 min');
  });

  it('is posted once though the answer to the post was lost, and then shows what it has come to', async () => {
    const { worker, tell, heads } = open();
    worker.messenger.trouble.push('lost-answer');
    expect(await tell()).toMatchObject({ kind: 'retry' });
    expect(await tell({ revision: 2, sentence: 'Postal finds nobody.' }, 2)).toEqual({ kind: 'done' });
    expect(heads()).toHaveLength(1);
    expect(heads()[0]?.said).toContain('Postal finds nobody.');
  });

  it('is rather posted twice than never known to stand there, where its channel may not be read', async () => {
    const { worker, tell, thread, incident } = open();
    worker.messenger.trouble.push('lost-answer');
    await tell();
    worker.messenger.findPost = async () => ({ ok: false, failure: { kind: 'refused', code: 'missing_scope' } });
    expect(await tell({}, 2)).toEqual({ kind: 'done' });
    await tell({ revision: 2, updates: [{ atMs: incident.openedAtMs, step: 'worse', text: 'Down.' }] });
    expect(thread()).toEqual(['<!subteam^S0MAIL> Down.']);
  });

  it('waits as long as Slack asks for', async () => {
    const { worker, tell, heads } = open();
    worker.messenger.trouble.push(
      { kind: 'rate-limited', retryAfterSeconds: 3 },
      { kind: 'rate-limited', retryAfterSeconds: 120 },
    );
    expect(await tell()).toMatchObject({ kind: 'retry', afterSeconds: 120 });
    expect(await tell({}, 2)).toEqual({ kind: 'done' });
    expect(heads()).toHaveLength(1);
  });

  it('leaves a refusal to a person, and is told when that is mended', async () => {
    const { worker, tell, heads } = open();
    worker.messenger.trouble.push({ kind: 'refused', code: 'not_in_channel' });
    expect(await tell()).toEqual({ kind: 'done' });
    expect(worker.logged.join('\n')).toContain('not_in_channel');
    await tell();
    expect(heads()).toHaveLength(1);
  });

  it('goes on in its thread where the workspace does not let a message be edited', async () => {
    const { worker, tell, thread, incident } = open();
    await tell();
    worker.messenger.edit = async () => ({ ok: false, failure: { kind: 'refused', code: 'edit_window_closed' } });
    const updates = [{ atMs: incident.openedAtMs, step: 'worse' as const, text: 'Down.' }];
    await tell({ revision: 2, updates });
    await tell({ revision: 2, updates });
    expect(thread()).toEqual(['<!subteam^S0MAIL> Down.']);
  });

  describe('whose message was deleted', () => {
    const deleted = async () => {
      const opened = open();
      await opened.tell();
      const { id, openedAtMs } = opened.incident;
      await saveNotification(
        opened.worker.ports.state,
        { id, channelId: 'C0ONCALL', ts: '1.000000', revision: 1, updates: 0 },
        signal,
      );
      return { ...opened, id, openedAtMs };
    };

    it('is posted anew when there is something to say', async () => {
      const { tell, heads, thread, openedAtMs } = await deleted();
      const change = {
        revision: 2,
        sentence: 'Postal finds nobody.',
        updates: [{ atMs: openedAtMs, step: 'worse' as const, text: 'Down.' }],
      };
      expect(await tell(change)).toMatchObject({ kind: 'retry' });
      expect(await tell(change, 2)).toEqual({ kind: 'done' });
      expect(heads()).toHaveLength(2);
      expect(heads()[1]?.said).toContain('Postal finds nobody.');
      expect(thread()).toEqual(['<!subteam^S0MAIL> Down.']);
    });

    it('is told by that where it is over', async () => {
      const { worker, tell, heads, id, openedAtMs } = await deleted();
      const updates = [{ atMs: openedAtMs, step: 'resolved' as const, text: 'Postal gets in again.' }];
      expect(await tell({ revision: 2, closedAtMs: openedAtMs + 600_000, updates })).toEqual({ kind: 'done' });
      expect(heads()).toHaveLength(1);
      expect(await readNotification(worker.ports.state, id, signal)).toMatchObject({ revision: 2, updates: 1 });
    });
  });

  it('is not told any more once it was filed', async () => {
    const { worker, tell, heads, incident } = open();
    await tell();
    await forgetIncident(worker.ports.state, incident.id, [], signal);
    await worker.work({ kind: 'incident', incidentId: incident.id, revision: 2 });
    await worker.work({ kind: 'given-up', message: { kind: 'incident', incidentId: incident.id, revision: 2 } });
    expect(heads()).toHaveLength(1);
  });

  it('quotes servers as text, not as markup', async () => {
    const { tell, heads } = open();
    await tell({ sentence: '<!channel> & *bold*', findings: [{ code: 'x', text: '<https://evil|here>' }] });
    expect(heads()[0]?.said).not.toContain('<!channel>');
    expect(heads()[0]?.said).not.toContain('<https://evil');
  });
});
