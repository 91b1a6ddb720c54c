import { describe, expect, it } from 'vitest';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const addLine = `add ${host} 10.0.4.12`;
const signal = new AbortController().signal;

describe('add', () => {
  it('writes record and marker in one batch, records each step, probes, answers and announces', async () => {
    const worker = workerUnderTest();
    expect(await worker.say(`${addLine} --name GitLab --note "two *words* <b>"`)).toEqual({ kind: 'done' });
    const records = await worker.records(host);
    expect(records.map(({ name, type, ttlSeconds }) => [name, type, ttlSeconds])).toEqual(
      expect.arrayContaining([
        [host, 'A', 60],
        [`_postal-endpoint.${host}`, 'TXT', 60],
      ]),
    );
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
    expect(verifyChain(await worker.ledger.read(host, signal), host).ok).toBe(true);
    expect(worker.probes).toMatchObject([{ hostname: host, port: 25, sslMode: 'Auto', recordTypes: ['A'] }]);
    const [announcement, pointer] = worker.messenger.posts;
    expect(announcement?.channelId).toBe('C0AUDIT');
    expect(JSON.stringify(announcement?.message.blocks)).toContain('10.0.4.12');
    expect(JSON.stringify(announcement?.message.blocks)).toContain(
      '{"type":"plain_text","text":"Note: two *words* <b>"',
    );
    const [entry] = await worker.ledger.read('_audit', signal);
    expect(entry?.body).toMatchObject({ kind: 'announced', ts: announcement?.ts, changes: [{ hostname: host }] });
    for (const { hash } of await worker.ledger.read(host, signal)) expect(announcement?.message.text).toContain(hash);
    expect(pointer?.channelId).toBe('C0OTHER');
    expect(pointer?.message.text).toContain(announcement?.permalink);
  });

  it('answers by the announcement alone where that is in the channel of the command', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine, { channel: 'C0AUDIT' });
    expect(worker.messenger.posts).toHaveLength(1);
    expect(worker.messenger.replies).toEqual([]);
  });

  it('does nothing for the same request delivered again', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine, { requestId: 'one' });
    const replies = worker.messenger.replies.length;
    await worker.say(addLine, { requestId: 'one' });
    expect(await worker.kinds(host)).toHaveLength(3);
    expect(worker.messenger.replies).toHaveLength(replies);
    expect(worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT')).toHaveLength(1);
  });

  it('answers "already so" to the same definition in a new request, and says when Route 53 has drifted', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine);
    await worker.say(addLine, { user: 'li' });
    expect(worker.lastReply()).toContain('is already registered like this');
    expect(await worker.kinds(host)).toHaveLength(3);
    const [a] = (await worker.records(host)).filter(({ type }) => type === 'A');
    if (a === undefined) throw new Error('no A record');
    await worker.ports.zones.submit('Z0CORP', [{ action: 'DELETE', recordSet: a }], '', signal);
    await worker.say(addLine);
    expect(worker.lastReply()).toContain('Route 53 now has a different record');
  });

  it('tells the second of two who was first, and overwrites nothing', async () => {
    const worker = workerUnderTest();
    await worker.say(addLine);
    const before = await worker.records(host);
    await worker.say(`add ${host} 10.9.9.9`, { user: 'li' });
    expect(worker.lastReply()).toContain('is registered already, by @maria');
    expect(await worker.records(host)).toEqual(before);
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied', 'refused']);
  });

  it('lets one of many workers at once win, whatever the interleaving', async () => {
    for (let round = 0; round < 50; round += 1) {
      const worker = workerUnderTest();
      const lines = [`add ${host} 10.0.4.1`, `add ${host} 10.0.4.2`];
      await Promise.all(
        lines.map((line, index) => worker.work(worker.message(line, { user: index === 0 ? 'maria' : 'li' }))),
      );
      const kinds = await worker.kinds(host);
      expect(kinds.filter((kind) => kind === 'applied')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(1);
      expect((await worker.records(host)).filter(({ type }) => type === 'A')).toHaveLength(1);
      expect(worker.messenger.replies.some(({ message }) => /(already, by|being added by) @/.test(message.text))).toBe(
        true,
      );
      expect(verifyChain(await worker.ledger.read(host, signal), host).ok).toBe(true);
    }
  });

  it('shows a plan for --dry-run and touches neither zone nor ledger', async () => {
    const worker = workerUnderTest();
    await worker.say(`${addLine} --dry-run`);
    expect(worker.lastReply()).toContain('This would add');
    expect(await worker.records(host)).toEqual([]);
    expect(await worker.kinds(host)).toEqual([]);
    await worker.say(`add 10.0.4.12 ${host} --dry-run`);
    expect(await worker.kinds('_refused')).toEqual([]);
  });

  it('refuses with every finding, the command put right, and an entry', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12 --port 70000 --ttl 5`);
    const reply = worker.lastReply();
    expect(reply).toContain('2 problems. Nothing was changed.');
    expect(reply).toContain('Postal would connect to port 4464');
    expect(reply).toContain(`/postal-endpoint add ${host} 10.0.4.12`);
    expect(await worker.kinds(host)).toEqual(['refused']);
  });

  it.each([
    [
      'team',
      {},
      { grants: [{ name: 'other', teams: ['T0OTHER'], verbs: ['*'] }] },
      'Your workspace (T0TEAM) is not in the policy',
    ],
    [
      'channel',
      {},
      { grants: [{ name: 'there', teams: ['T0TEAM'], channels: ['C0THERE'], verbs: ['*'] }] },
      'I take no commands in this channel',
    ],
    [
      'person',
      { user: 'guest' },
      { grants: [{ name: 'few', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] }] },
      'No grant lets you',
    ],
  ])('denies an unknown %s, says so and records it', async (_, who, policy, sentence) => {
    const worker = workerUnderTest({ policy });
    await worker.say(addLine, who);
    expect(worker.lastReply()).toContain(sentence);
    expect(worker.lastReply()).toContain('Nothing was changed');
    expect(await worker.kinds('_refused')).toEqual(['refused']);
    expect(await worker.records(host)).toEqual([]);
  });

  it.each([
    ['missing', [{ id: 'Z0ELSE', name: 'else.internal' }], 'does not exist'],
    ['public', [{ id: 'Z0CORP', name: 'corp.internal', isPrivate: false }], 'is public'],
    [
      'of another name',
      [{ id: 'Z0CORP', name: 'else.internal', isPrivate: true, vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }] }],
      'is called else.internal',
    ],
  ])('refuses when the zone is %s', async (_, zones, sentence) => {
    const worker = workerUnderTest({ zones });
    await worker.say(addLine);
    expect(worker.lastReply()).toContain(sentence);
    expect(await worker.kinds(host)).toEqual(['refused']);
  });

  it('never touches a record that it does not own', async () => {
    const worker = workerUnderTest();
    const foreign = { name: host, type: 'A', ttlSeconds: 300, values: ['192.0.2.1'] };
    await worker.ports.zones.submit('Z0CORP', [{ action: 'CREATE', recordSet: foreign }], '', signal);
    await worker.say(addLine);
    expect(worker.lastReply()).toContain('does not own');
    expect(await worker.records(host)).toEqual([foreign]);
  });
});

describe('add, when Route 53', () => {
  const answering = (worker: ReturnType<typeof workerUnderTest>, ...answers: readonly (SubmitResult | 'lost')[]) => {
    const left = [...answers];
    return {
      ...worker.ports.zones,
      submit: async (...call: Parameters<typeof worker.ports.zones.submit>): Promise<SubmitResult> => {
        const answer = left.shift();
        if (answer === undefined) return worker.ports.zones.submit(...call);
        if (answer !== 'lost') return answer;
        await worker.ports.zones.submit(...call);
        return { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
      },
    };
  };
  const busy: SubmitResult = {
    kind: 'failed',
    failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' },
  };
  const unreachable: SubmitResult = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
  const deniedAnswer: SubmitResult = {
    kind: 'failed',
    failure: { kind: 'denied', message: 'not authorized to perform: route53:ChangeResourceRecordSets' },
  };

  it('throttles for a moment, sends again', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: answering(worker, busy, busy) });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
  });

  it('throttles for good, says that nothing was changed', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, {
      zones: answering(worker, ...Array.from({ length: 99 }, () => busy)),
    });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'failed']);
    expect(worker.lastReply()).toContain('Rate exceeded. Nothing was changed.');
    expect(await worker.records(host)).toEqual([]);
  });

  it('refuses, says what it said', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: answering(worker, deniedAnswer) });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'failed']);
    expect(worker.lastReply()).toContain('not authorized');
  });

  it('loses the answer after the commit, finds the change by its marker', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: answering(worker, 'lost') });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
  });

  it('gives no answer, sends again under a new attempt', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: answering(worker, unreachable) });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applying', 'applied']);
  });

  it('gives no answer three times, says that the batch may land late', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(addLine), 1, { zones: answering(worker, unreachable, unreachable, unreachable) });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applying', 'applying', 'failed']);
    expect(worker.lastReply()).toContain('may still take effect within 15 minutes');
  });

  it('was changed by someone else between plan and batch, declares a conflict and shows what is there', async () => {
    const worker = workerUnderTest();
    const foreign = { name: host, type: 'A', ttlSeconds: 300, values: ['10.66.6.6'] };
    const zones = {
      ...worker.ports.zones,
      submit: async (...call: Parameters<typeof worker.ports.zones.submit>): Promise<SubmitResult> => {
        await worker.ports.zones.submit(call[0], [{ action: 'CREATE', recordSet: foreign }], '', signal);
        return worker.ports.zones.submit(...call);
      },
    };
    await worker.work(worker.message(addLine), 1, { zones });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'conflict']);
    expect(worker.lastReply()).toContain('10.66.6.6');
    expect(await worker.records(host)).toEqual([foreign]);
  });

  it('cannot be looked at after the batch, leaves the change for a later delivery, which finishes it', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    let reads = 0;
    const zones = {
      ...answering(worker, 'lost'),
      readNames: async (...call: Parameters<typeof worker.ports.zones.readNames>) => {
        reads += 1;
        if (reads === 1) return worker.ports.zones.readNames(...call);
        return { ok: false, failure: { kind: 'unreachable', message: 'timed out' } } as const;
      },
    };
    expect(await worker.work(message, 1, { zones })).toMatchObject({ kind: 'retry' });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying']);
    expect(worker.lastReply()).toContain('I will keep checking');
    expect(await worker.work(message, 2)).toEqual({ kind: 'done' });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
  });

  it('cannot be read at all, says so and changes nothing', async () => {
    const worker = workerUnderTest();
    const failure = { ok: false, failure: { kind: 'unreachable', message: 'timed out' } } as const;
    await worker.work(worker.message(addLine), 1, {
      zones: { ...worker.ports.zones, readNames: async () => failure, inspectZone: async () => failure },
    });
    expect(worker.lastReply()).toContain('Route 53 could not be read');
    expect(await worker.kinds(host)).toEqual(['refused']);
  });
});

describe('add, when something beside it fails', () => {
  it.each([
    ['busy', 'The prober is busy with other probes.'],
    ['unavailable', 'The prober does not answer.'],
  ] as const)('says that the prober is %s; the record stands', async (kind, message) => {
    const worker = workerUnderTest();
    worker.over.probe = () => ({ ok: false, failure: { kind, message } });
    await worker.say(addLine);
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
    expect(worker.lastReply()).toContain(message);
  });

  it('leaves what the ledger cannot take to a later delivery, and says so once', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    const { LedgerUnavailable } = await import('../../../lib/app/ports/ledger.ts');
    const ledger = { ...worker.ledger, append: () => Promise.reject(new LedgerUnavailable('down')) };
    expect(await worker.work(message, 1, { ledger })).toMatchObject({ kind: 'retry' });
    expect(await worker.work(message, 2, { ledger })).toMatchObject({ kind: 'retry' });
    expect(worker.messenger.replies).toHaveLength(1);
    expect(worker.lastReply()).toContain('The ledger does not answer just now.');
    expect(await worker.work(message, 3)).toEqual({ kind: 'done' });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
  });

  it('goes on when the person cannot be answered', async () => {
    const worker = workerUnderTest();
    worker.messenger.replyTrouble.push(
      ...Array.from({ length: 5 }, () => ({ kind: 'unreachable', message: 'down' }) as const),
    );
    expect(await worker.say(addLine)).toEqual({ kind: 'done' });
    expect(worker.messenger.posts.some(({ channelId }) => channelId === 'C0AUDIT')).toBe(true);
  });
});
