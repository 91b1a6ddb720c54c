import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { shortChangeId } from '../../../lib/core/ledger/change-id.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;
type Worker = ReturnType<typeof workerUnderTest>;

const changes = async (worker: Worker, name = host) => [
  ...fold(await worker.ledger.read(name, signal)).changes.values(),
];
const lastChange = async (worker: Worker, name = host) => {
  const change = (await changes(worker, name)).at(-1);
  if (change === undefined) throw new Error('there is no change');
  return change;
};

/** The labels of the buttons under the newest answer. */
const buttonsOf = ({ messenger }: ReturnType<typeof workerUnderTest>): readonly string[] =>
  (messenger.replies.at(-1)?.message.blocks ?? [])
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) => (element.type === 'button' ? [element.text.text] : []));

/** What the button of the newest message with this label would run. */
const button = (worker: Worker, label: string): string => worker.button(label);

const edit = async (worker: Worker, change: (recordSet: RecordSet) => RecordSet | undefined): Promise<void> => {
  for (const recordSet of await worker.records(host)) {
    const after = change(recordSet);
    if (JSON.stringify(after) === JSON.stringify(recordSet)) continue;
    const batch = [
      { action: 'DELETE', recordSet } as const,
      ...(after === undefined ? [] : [{ action: 'CREATE', recordSet: after } as const]),
    ];
    await worker.ports.zones.submit('Z0CORP', batch, '', signal);
  }
};

const withOne = async (options: Parameters<typeof workerUnderTest>[0] = {}): Promise<Worker> => {
  const worker = workerUnderTest(options);
  await worker.say(`add ${host} 10.0.4.12 --name GitLab`);
  return worker;
};

const addresses = async (worker: Worker): Promise<readonly string[]> =>
  (await worker.records(host)).filter(({ type }) => type === 'A').flatMap(({ values }) => values);

describe('update', () => {
  it('shows the plan to whoever asked, and applies it when they press Apply', async () => {
    const worker = await withOne();
    await worker.say(`update ${host} 10.0.4.13`);
    expect(worker.lastReply()).toContain('− A     10.0.4.12');
    expect(worker.lastReply()).toContain('+ A     10.0.4.13');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await worker.say(button(worker, 'Apply'));
    expect(await addresses(worker)).toEqual(['10.0.4.13']);
    expect((await lastChange(worker)).state).toBe('applied');
    expect((await lastChange(worker)).plan.definitionAfter?.name).toBe('GitLab');
    expect(verifyChain(await worker.ledger.read(host, signal), host).ok).toBe(true);
  });

  it('refuses what is not registered, what breaks a rule, and says when nothing would change', async () => {
    const worker = await withOne();
    await worker.say('update nobody.mail.corp.internal 10.0.4.13');
    expect(worker.lastReply()).toContain('is not registered');
    expect(worker.lastReply()).toContain('Register it:');
    expect(worker.lastReply()).toContain('add nobody.mail.corp.internal');
    await worker.say(`update ${host} 192.0.2.1`);
    expect(worker.lastReply()).toContain('Nothing was changed');
    await worker.say(`update ${host} 10.0.4.12`);
    expect(worker.lastReply()).toContain('is already registered like this');
    expect(await changes(worker)).toHaveLength(1);
  });

  it('restores what someone else changed, and never touches what is no longer ours', async () => {
    const worker = await withOne();
    await edit(worker, (set) => (set.type === 'A' ? { ...set, values: ['10.66.0.1'] } : set));
    await worker.say(`update ${host}`);
    await worker.say(button(worker, 'Apply'));
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await edit(worker, (set) => (set.type === 'TXT' ? undefined : set));
    await worker.say(`update ${host} 10.0.4.13`);
    expect(worker.lastReply()).toContain('no longer belongs to this bot');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  it('fails as a conflict when the record was edited between plan and approval', async () => {
    const worker = await withOne();
    await worker.say(`update ${host} 10.0.4.13`);
    const apply = button(worker, 'Apply');
    await edit(worker, (set) => (set.type === 'A' ? { ...set, values: ['10.66.0.1'] } : set));
    await worker.say(apply);
    expect((await lastChange(worker)).state).toBe('conflict');
    expect(await addresses(worker)).toEqual(['10.66.0.1']);
  });
});

describe('remove and undo', () => {
  it('takes record and marker out, and undo brings them back', async () => {
    const worker = await withOne();
    const before = (await worker.records(host)).filter(({ type }) => type !== 'TXT');
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).toContain('Current endpoint: named `GitLab`');
    await worker.say(button(worker, 'Apply'));
    expect(await worker.records(host)).toEqual([]);
    await worker.say('list');
    expect(worker.lastReply()).toContain('No endpoint is registered yet');
    await worker.say(`undo ${(await lastChange(worker)).changeId}`);
    expect((await worker.records(host)).filter(({ type }) => type !== 'TXT')).toEqual(before);
    expect((await lastChange(worker)).plan.definitionAfter?.name).toBe('GitLab');
  });

  it('undoes an addition, an update and an undo', async () => {
    const worker = await withOne();
    await worker.say(`update ${host} 10.0.4.13`);
    await worker.say(button(worker, 'Apply'));
    await worker.say(button(worker, 'Undo'));
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await worker.say(`undo ${(await lastChange(worker)).changeId}`);
    expect(await addresses(worker)).toEqual(['10.0.4.13']);
  });

  it('refuses to undo what was not applied, what was changed since, and what someone edited', async () => {
    const worker = await withOne();
    const added = await lastChange(worker);
    await worker.say(`update ${host} 10.0.4.13`);
    await worker.say(button(worker, 'Apply'));
    await worker.say(`undo ${added.changeId}`);
    expect(worker.lastReply()).toContain('cannot be undone');
    const later = await lastChange(worker);
    expect(worker.lastReply()).toContain(`changed again by @maria, change ${shortChangeId(later.changeId)}`);
    await edit(worker, (set) => (set.type === 'A' ? { ...set, values: ['10.66.0.1'] } : set));
    await worker.say(`undo ${(await lastChange(worker)).changeId}`);
    expect(worker.lastReply()).toContain('Route 53 now has different records');
    await worker.say('undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q');
    expect(worker.lastReply()).toContain('there is no change');
    await worker.say('undo yesterday');
    expect(worker.lastReply()).toContain('is not a change id');
    expect(buttonsOf(worker)).toEqual(['History']);
    await worker.say('approve yesterday');
    expect(buttonsOf(worker)).toEqual(['Waiting plans', 'History']);
  });

  it('finds a change by its short id', async () => {
    const worker = await withOne();
    const { changeId } = await lastChange(worker);
    await worker.say(`undo ${changeId.slice(0, 4)}…${changeId.slice(-2)} --dry-run`);
    expect(worker.lastReply()).toContain('This would undo');
  });

  it('holds a name back whose last batch may still take effect', async () => {
    const worker = workerUnderTest();
    const lost = { kind: 'failed', failure: { kind: 'unreachable', message: 'no answer' } } as const;
    await worker.work(worker.message(`add ${host} 10.0.4.12`), 1, {
      zones: { ...worker.ports.zones, submit: async () => lost },
    });
    expect((await lastChange(worker)).state).toBe('failed');
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).toContain('may still take effect');
    await worker.clock.advance(16 * 60_000);
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).toContain('is not registered');
  });
});

describe('a batch that lands after its change was declared failed', () => {
  const landing = async () => {
    const worker = workerUnderTest();
    const late: (() => Promise<unknown>)[] = [];
    const submit: Worker['ports']['zones']['submit'] = async (...call) => {
      late.push(() => worker.ports.zones.submit(...call));
      return { kind: 'failed', failure: { kind: 'unreachable', message: 'no answer' } };
    };
    await worker.work(worker.message(`add ${host} 10.0.4.12`), 1, { zones: { ...worker.ports.zones, submit } });
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
    await late[0]?.();
    return worker;
  };

  it('is found when the change is looked at again, and becomes applied, registered and announced', async () => {
    const worker = await landing();
    const { changeId } = await lastChange(worker);
    await worker.work({ kind: 'resume', hostname: host, changeId });
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
    expect(await lastChange(worker)).toMatchObject({ state: 'applied', landedLate: true });
    await worker.say('list');
    expect(worker.lastReply()).toContain(host);
    const told = worker.messenger.posts
      .filter(({ channelId }) => channelId === 'C0AUDIT')
      .map(({ message }) => message.text);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain(`${host} added`);
    expect(verifyChain(await worker.ledger.read('_audit', signal), '_audit').ok).toBe(true);
  });

  it('is found by the next command for the name', async () => {
    const worker = await landing();
    await worker.say(`add ${host} 10.0.4.12`);
    expect((await changes(worker)).map(({ state }) => state)).toEqual(['applied']);
    expect(
      worker.messenger.replies.some(({ message }) => message.text.includes('is already registered like this')),
    ).toBe(true);
  });

  it('leaves a change that never landed failed, and says nothing more of it', async () => {
    const worker = workerUnderTest();
    const lost = { kind: 'failed', failure: { kind: 'unreachable', message: 'no answer' } } as const;
    await worker.work(worker.message(`add ${host} 10.0.4.12`), 1, {
      zones: { ...worker.ports.zones, submit: async () => lost },
    });
    const before = worker.messenger.replies.length;
    await worker.work({ kind: 'resume', hostname: host, changeId: (await lastChange(worker)).changeId });
    expect((await lastChange(worker)).state).toBe('failed');
    expect(worker.messenger.replies).toHaveLength(before);
  });
});

describe('adopt and drift', () => {
  const foreign: RecordSet = { name: host, type: 'A', ttlSeconds: 300, values: ['10.0.4.50'] };

  it('takes a record over as it is, and undo gives it back', async () => {
    const worker = workerUnderTest();
    await worker.ports.zones.submit('Z0CORP', [{ action: 'CREATE', recordSet: foreign }], '', signal);
    await worker.say(`adopt ${host} --port 587 --name Old`);
    expect(await worker.records(host)).toEqual(expect.arrayContaining([foreign]));
    expect(await worker.records(host)).toHaveLength(2);
    expect((await lastChange(worker)).plan.definitionAfter).toMatchObject({ port: 587, name: 'Old', ttlSeconds: 300 });
    await worker.say(`undo ${(await lastChange(worker)).changeId}`);
    expect(await worker.records(host)).toEqual([foreign]);
  });

  it('adopts neither nothing nor what is another kind of record', async () => {
    const worker = workerUnderTest();
    await worker.say(`adopt ${host}`);
    expect(worker.lastReply()).toContain('has no record of its own in Route 53, so there is nothing to adopt');
    await worker.ports.zones.submit(
      'Z0CORP',
      [{ action: 'CREATE', recordSet: { ...foreign, type: 'TXT', values: ['"x"'] } }],
      '',
      signal,
    );
    await worker.say(`adopt ${host}`);
    expect(worker.lastReply()).toContain('Only plain A, AAAA and CNAME records can be adopted');
  });

  it('is offered to whoever wants to update a record that is not registered', async () => {
    const worker = workerUnderTest();
    await worker.ports.zones.submit('Z0CORP', [{ action: 'CREATE', recordSet: foreign }], '', signal);
    await worker.say(`update ${host} 10.0.4.13`);
    expect(worker.lastReply()).toContain('Take over what is there first:');
    expect(worker.lastReply()).toContain(`adopt ${host}`);
  });

  it('says of each name how it has drifted, and with which command that is mended', async () => {
    const worker = await withOne();
    await worker.say('drift');
    expect(worker.lastReply()).toContain('No drift');
    await edit(worker, (set) => (set.type === 'TXT' ? undefined : set));
    await worker.say(`drift ${host}`);
    expect(worker.lastReply()).toContain('the ownership marker is gone');
    expect(button(worker, 'Adopt')).toBe(`adopt ${host}`);
    await edit(worker, () => undefined);
    await worker.say('drift');
    expect(worker.lastReply()).toContain('record and marker are gone');
    await worker.say(`update ${host}`);
    await worker.say(button(worker, 'Apply'));
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });
});

describe('approval', () => {
  const policy = {
    grants: [{ name: 'all', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI', 'U0ONCALL'], verbs: ['*'] }],
    protected: [
      {
        name: 'production',
        hostnames: ['*.mail.corp.internal'],
        approvers: { users: ['U0LI'] },
        channel: 'C0APPROVERS',
      },
    ],
    breakGlass: { users: ['U0ONCALL'] },
  };
  const channels = ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'];
  const asked = async () => {
    const worker = workerUnderTest({ policy, channels });
    await worker.say(`add ${host} 10.0.4.12`);
    return worker;
  };

  it('asks in the approvers’ channel, once, and applies what a second person approves', async () => {
    const worker = await asked();
    expect(worker.lastReply()).toContain('waits for a second person');
    expect(worker.messenger.posts.filter(({ channelId }) => channelId === 'C0APPROVERS')).toHaveLength(1);
    expect(await worker.records(host)).toEqual([]);
    await worker.say(button(worker, 'Approve'), { user: 'li', channel: 'C0APPROVERS' });
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    const change = await lastChange(worker);
    expect(change).toMatchObject({ state: 'applied', approvedBy: { userId: 'U0LI' } });
    expect(
      worker.messenger.replies.some(({ to, message }) => to.userId === 'U0MARIA' && message.text.includes('added')),
    ).toBe(true);
    expect(
      JSON.stringify(worker.messenger.posts.find(({ channelId }) => channelId === 'C0APPROVERS')?.message),
    ).not.toContain('run-replacing:approve');
  });

  it('is foretold by a dry run, which asks nobody', async () => {
    const worker = workerUnderTest({ policy, channels });
    await worker.say(`add ${host} 10.0.4.12 --dry-run`);
    expect(worker.lastReply()).toContain(
      'The rule \\"production\\" needs a second person. The approvers would be asked in <#C0APPROVERS>.',
    );
    expect(worker.messenger.posts).toEqual([]);
  });

  it.each<[string, (worker: Worker) => Promise<unknown>, string]>([
    [
      'by the requester',
      (worker) => worker.say(button(worker, 'Approve'), { user: 'maria' }),
      'You asked for this change yourself',
    ],
    [
      'by someone who is no approver',
      (worker) => worker.say(button(worker, 'Approve'), { user: 'oncall' }),
      'not among those who approve',
    ],
    [
      'by someone without any right',
      (worker) => worker.say(button(worker, 'Approve'), { user: 'guest' }),
      'No grant lets you',
    ],
    [
      'of another plan',
      async (worker) =>
        worker.say(`approve ${(await lastChange(worker)).changeId} --plan ${'f'.repeat(24)}`, { user: 'li' }),
      'is not the digest of this plan',
    ],
    [
      'without having seen it',
      async (worker) => worker.say(`approve ${(await lastChange(worker)).changeId}`, { user: 'li' }),
      'the digest is missing',
    ],
    [
      'of an expired plan',
      async (worker) => {
        await worker.clock.advance(16 * 60_000);
        await worker.say(button(worker, 'Approve'), { user: 'li' });
      },
      'has expired',
    ],
  ])('cannot be given %s; that is recorded', async (_, approve, sentence) => {
    const worker = await asked();
    await approve(worker);
    expect(worker.lastReply()).toContain(sentence);
    expect(await worker.records(host)).toEqual([]);
    const kinds = [...(await worker.kinds(host)), ...(await worker.kinds('_refused'))];
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(1);
    expect(kinds).not.toContain('applying');
  });

  it('that is refused leaves the message with its buttons to others', async () => {
    const worker = await asked();
    for (const user of ['guest', 'oncall', 'maria']) {
      await worker.work({
        ...worker.message(button(worker, 'Approve'), { user, channel: 'C0APPROVERS' }),
        replaceOriginal: true,
      });
      expect(worker.messenger.replies.at(-1)).toMatchObject({
        replaceOriginal: false,
        to: { userId: `U0${user.toUpperCase()}` },
      });
    }
    await worker.say(button(worker, 'Approve'), { user: 'li', channel: 'C0APPROVERS' });
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  it('does nothing a second time, pressed twice or by two people at once', async () => {
    const worker = await asked();
    const approve = button(worker, 'Approve');
    await Promise.all([
      worker.work(worker.message(approve, { user: 'li' })),
      worker.work(worker.message(approve, { user: 'li' })),
    ]);
    const kinds = await worker.kinds(host);
    expect(kinds.filter((kind) => kind === 'approved')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'applied')).toHaveLength(1);
  });

  it('is worth nothing when the rights were withdrawn before it was applied', async () => {
    const worker = await asked();
    const [grant] = policy.grants;
    const withdrawn = {
      ...worker.ports.policy,
      grants: [{ ...grant, name: 'all', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'] }],
    };
    await worker.work(worker.message(button(worker, 'Approve'), { user: 'li' }), 1, { policy: withdrawn });
    expect((await lastChange(worker)).state).toBe('failed');
    expect(await worker.records(host)).toEqual([]);
  });

  it('can be refused by an approver and withdrawn by the requester, and then nothing comes of it', async () => {
    const rejected = await asked();
    const approve = button(rejected, 'Approve');
    await rejected.say(`reject ${(await lastChange(rejected)).changeId} --reason "wrong host"`, { user: 'li' });
    expect(await lastChange(rejected)).toMatchObject({ state: 'rejected', reason: 'wrong host' });
    await rejected.say(approve, { user: 'li' });
    expect(rejected.lastReply()).toContain('no longer waits for a decision');
    expect(await rejected.records(host)).toEqual([]);
    const cancelled = await asked();
    await cancelled.say(`cancel ${(await lastChange(cancelled)).changeId}`, { user: 'li' });
    expect((await lastChange(cancelled)).state).toBe('requested');
    await cancelled.say(`cancel ${(await lastChange(cancelled)).changeId}`);
    expect((await lastChange(cancelled)).state).toBe('cancelled');
  });

  it('expires when the change is looked at again, and its message says so', async () => {
    const worker = await asked();
    await worker.clock.advance(16 * 60_000);
    const { changeId } = await lastChange(worker);
    await worker.work({ kind: 'resume', hostname: host, changeId });
    expect((await lastChange(worker)).state).toBe('expired');
    expect(
      JSON.stringify(worker.messenger.posts.find(({ channelId }) => channelId === 'C0APPROVERS')?.message),
    ).toContain('no answer in time');
  });

  it('is not needed by whoever may break glass, gives a reason, and has it said aloud', async () => {
    const worker = workerUnderTest({ policy, channels });
    await worker.say(`add ${host} 10.0.4.12 --break-glass "mail is down, nobody there"`, { user: 'maria' });
    expect(worker.lastReply()).toContain('may not break glass');
    await worker.say(`add ${host} 10.0.4.12 --break-glass "now"`, { user: 'oncall' });
    expect(worker.lastReply()).toContain('needs at least');
    await worker.say(`add ${host} 10.0.4.12 --break-glass "mail is down, nobody there"`, { user: 'oncall' });
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    expect(JSON.stringify(worker.messenger.posts.find(({ channelId }) => channelId === 'C0AUDIT')?.message)).toContain(
      'Break-glass was used',
    );
  });

  it('is listed while it waits', async () => {
    const worker = await asked();
    await worker.say('pending', { user: 'li' });
    expect(worker.lastReply()).toContain('1 plan waits');
    await worker.say(button(worker, 'Approve'), { user: 'li' });
    await worker.say('pending', { user: 'li' });
    expect(worker.lastReply()).toContain('No plan is waiting');
  });
});
