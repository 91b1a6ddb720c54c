import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import type { ProbeReport, ProbeRequest, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { addressesStanding, healthyReport } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;
type Worker = ReturnType<typeof workerUnderTest>;

const changes = async (worker: Worker) => [...fold(await worker.ledger.read(host, signal)).changes.values()];
const lastChange = async (worker: Worker) => {
  const change = (await changes(worker)).at(-1);
  if (change === undefined) throw new Error('there is no change');
  return change;
};

const buttons = (worker: Worker): readonly { readonly label: string; readonly line: string }[] => {
  const messages = [
    ...worker.messenger.replies.map(({ message }) => message),
    ...worker.messenger.posts.map(({ message }) => message),
  ].reverse();
  return messages.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.type !== 'actions'
        ? []
        : block.elements.flatMap((element) =>
            element.type === 'button' && element.value !== undefined
              ? [{ label: element.text.text, line: String(JSON.parse(element.value).text) }]
              : [],
          ),
    ),
  );
};
const button = (worker: Worker, label: string): string => {
  const line = buttons(worker).find((each) => each.label === label)?.line;
  if (line === undefined) throw new Error(`no button ${label}`);
  return line;
};

const withStandby = async (
  options: Parameters<typeof workerUnderTest>[0] = {},
  more = '--standby 10.0.5.12',
): Promise<Worker> => {
  const worker = workerUnderTest(options);
  await worker.say(`add ${host} 10.0.4.12 ${more}`);
  return worker;
};

const addresses = async (worker: Worker): Promise<readonly string[]> =>
  (await worker.records(host)).filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ values }) => values);

const edit = async (worker: Worker, change: (recordSet: RecordSet) => RecordSet): Promise<void> => {
  const batch = (await worker.records(host)).flatMap((recordSet) => [
    { action: 'DELETE', recordSet } as const,
    { action: 'CREATE', recordSet: change(recordSet) } as const,
  ]);
  await worker.ports.zones.submit('Z0CORP', batch, '', signal);
};

/** Nobody listens at these addresses. */
const dead = (report: ProbeReport, ...ips: readonly string[]): ProbeReport => ({
  ...report,
  addresses: report.addresses.map((address) =>
    ips.includes(address.ip)
      ? {
          ip: address.ip,
          port: address.port,
          capabilities: [],
          stages: [{ stage: 'connect', status: 'failed', reason: 'refused', durationMs: 1 }],
        }
      : address,
  ),
});

const whereDown = (worker: Worker, ...ips: readonly string[]): void => {
  worker.over.probe = (request): ProbeResult => ({
    ok: true,
    report: dead(healthyReport(request, request.targets ?? addressesStanding(worker.zones, request.hostname)), ...ips),
  });
};

const failOver = async (worker: Worker): Promise<void> => {
  await worker.say(`failover ${host}`);
  await worker.say(button(worker, 'Fail over'));
};

describe('failover', () => {
  it('probes the standby first, shows what it met, and swaps targets and standby when it is confirmed', async () => {
    const worker = await withStandby();
    whereDown(worker, '10.0.4.12');
    worker.probes.length = 0;
    await worker.say(`failover ${host}`);
    expect(worker.probes.map(({ targets }) => targets)).toEqual([['10.0.5.12'], undefined]);
    expect(worker.lastReply()).toContain(`fail over *${host}* to its standby: 10.0.5.12, port 25, Auto`);
    expect(worker.lastReply()).toContain('New target');
    expect(worker.lastReply()).toContain('Postal will get in, encrypted.');
    expect(worker.lastReply()).toContain('Postal will not get in');
    expect(worker.lastReply()).toContain('Effective within 60 s of being applied');
    expect(worker.lastReply()).toContain('standby 10.0.4.12');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await worker.say(button(worker, 'Fail over'));
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    const change = await lastChange(worker);
    expect(change).toMatchObject({ state: 'applied', verb: 'failover', warnings: [] });
    expect(change.plan.definitionAfter?.standby).toEqual({ kind: 'addresses', addresses: ['10.0.4.12'] });
    expect(worker.lastReply()).toContain(`*${host}* failed over to its standby`);
    expect(worker.lastReply()).toContain('The resolver returns `10.0.5.12`');
    expect(
      worker.messenger.posts.find(({ message }) => message.text.includes('failed over to its standby'))?.channelId,
    ).toBe('C0AUDIT');
    expect(verifyChain(await worker.ledger.read(host, signal), host).ok).toBe(true);
  });

  it('goes back by the same command, and says so; the third time it leads to the standby again', async () => {
    const worker = await withStandby();
    await failOver(worker);
    const first = await lastChange(worker);
    await failOver(worker);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    expect((await lastChange(worker)).plan.goesBackOn).toBe(first.changeId);
    expect(worker.lastReply()).toContain('failed over to its previous target');
    await failOver(worker);
    expect((await lastChange(worker)).plan.goesBackOn).toBeUndefined();
    expect(worker.lastReply()).toContain('failed over to its standby');
  });

  it('is taken back by undo, and is no failover to go back on after that', async () => {
    const worker = await withStandby();
    await failOver(worker);
    await worker.say(`undo ${(await lastChange(worker)).changeId}`);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    expect((await lastChange(worker)).plan.definitionAfter?.standby).toEqual({
      kind: 'addresses',
      addresses: ['10.0.5.12'],
    });
    await failOver(worker);
    expect((await lastChange(worker)).plan.goesBackOn).toBeUndefined();
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
  });

  it('still goes back where the way back was undone', async () => {
    const worker = await withStandby();
    await failOver(worker);
    const away = await lastChange(worker);
    await failOver(worker);
    await worker.say(`undo ${(await lastChange(worker)).changeId}`);
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    await failOver(worker);
    expect((await lastChange(worker)).plan.goesBackOn).toBe(away.changeId);
  });

  it.each<[string, readonly string[], string]>([
    ['the standby alone is down', ['10.0.5.12'], 'would BREAK delivery'],
    ['both are down', ['10.0.4.12', '10.0.5.12'], 'BOTH ARE DOWN'],
    ['neither is down', [], 'a failover is not needed'],
  ])('says so loudly where %s, keeps it in the ledger, and can be applied all the same', async (_, down, said) => {
    const worker = await withStandby();
    whereDown(worker, ...down);
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain(said);
    await worker.say(button(worker, (await lastChange(worker)).plan.breaksDelivery ? 'Fail over anyway' : 'Fail over'));
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    expect((await lastChange(worker)).warnings.join()).toContain(said);
  });

  it('says that nobody knows where the prober does not answer', async () => {
    const worker = await withStandby();
    worker.over.probe = () => ({ ok: false, failure: { kind: 'timeout', message: 'The prober did not answer.' } });
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain('could not be checked');
    await worker.say(button(worker, 'Fail over'));
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    expect(worker.lastReply()).toContain('could not be asked');
  });

  it('refuses a name without standby, saying how to define one, and one that is not registered', async () => {
    const worker = await withStandby({}, '');
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain('has no standby');
    expect(worker.lastReply()).toContain(`/postal-endpoint update ${host} --standby`);
    await worker.say('failover nobody.mail.corp.internal');
    expect(worker.lastReply()).toContain('is not registered');
    expect(await changes(worker)).toHaveLength(1);
    await worker.say(`update ${host} --standby 10.0.5.12`);
    expect(worker.lastReply()).toContain('standby 10.0.5.12');
    await worker.say(button(worker, 'Apply'));
    await failOver(worker);
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
  });

  it('refuses a name that has drifted, before and after the plan was made', async () => {
    const worker = await withStandby();
    await worker.say(`failover ${host}`);
    const apply = button(worker, 'Fail over');
    await edit(worker, (set) => (set.type === 'A' ? { ...set, values: ['10.66.0.1'] } : set));
    await worker.say(apply);
    expect((await lastChange(worker)).state).toBe('conflict');
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain('Route 53 differs');
    expect(worker.lastReply()).toContain(`/postal-endpoint drift ${host}`);
    expect(await addresses(worker)).toEqual(['10.66.0.1']);
  });

  it('does not go there and back when two people confirm one each', async () => {
    const worker = await withStandby();
    await worker.say(`failover ${host}`);
    const one = button(worker, 'Fail over');
    await worker.say(`failover ${host}`, { user: 'li' });
    const other = button(worker, 'Fail over');
    await worker.say(one);
    await worker.say(other, { user: 'li' });
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    expect((await changes(worker)).map(({ state }) => state)).toEqual(['applied', 'applied', 'conflict']);
  });

  it('only shows with --dry-run', async () => {
    const worker = await withStandby();
    await worker.say(`failover ${host} --dry-run`);
    expect(worker.lastReply()).toContain(`This would fail over ${host} to its standby`);
    expect(worker.lastReply()).toContain('checked just now');
    expect(worker.lastReply()).toContain('Effective within 60 s');
    expect(await changes(worker)).toHaveLength(1);
  });

  it('never leads out of the ranges that policy allows by now', async () => {
    const worker = await withStandby();
    await worker.work(worker.message(`failover ${host}`), 1, {
      policy: { ...worker.ports.policy, cidrs: ['10.0.4.0/24'] },
    });
    expect(worker.lastReply()).toContain('10.0.5.12 is outside the ranges');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  it('can be confirmed and cancelled by whoever may fail over and nothing else', async () => {
    const grants = [
      { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
      { name: 'on call', teams: ['T0TEAM'], users: ['U0ONCALL'], verbs: ['failover'] },
    ];
    const worker = await withStandby({ policy: { grants } });
    const oncall = { user: 'oncall' };
    await worker.say(`failover ${host}`, oncall);
    await worker.say(button(worker, 'Cancel'), oncall);
    expect((await lastChange(worker)).state).toBe('cancelled');
    await worker.say(`failover ${host}`, oncall);
    await worker.say(button(worker, 'Fail over'), oncall);
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
  });

  it('needs a second person where policy says so, and shows them the probe; or a reason to break glass', async () => {
    const policy = {
      grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*'] }],
      protected: [
        {
          name: 'production',
          hostnames: ['*.mail.corp.internal'],
          verbs: ['failover' as const],
          approvers: { users: ['U0LI'] },
          channel: 'C0APPROVERS',
        },
      ],
      breakGlass: { users: ['U0ONCALL'] },
    };
    const worker = await withStandby({ policy, channels: ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'] });
    await worker.say(`failover ${host}`);
    const asked = worker.messenger.posts.find(({ channelId }) => channelId === 'C0APPROVERS');
    expect(JSON.stringify(asked?.message)).toContain('checked just now');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await worker.say(button(worker, 'Approve'), { user: 'li', channel: 'C0APPROVERS' });
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    await worker.say(`failover ${host} --break-glass "mail is down, nobody there"`, { user: 'oncall' });
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    expect(worker.lastReply()).toContain('Break-glass was used');
  });
});

describe('the resolver, after a failover', () => {
  /** A resolver that goes on answering what it remembers until this moment. */
  const remembering = (worker: Worker, old: string, untilMs: number): void => {
    worker.over.probe = (request: ProbeRequest): ProbeResult => {
      const leftSeconds = Math.ceil((untilMs - worker.clock.now()) / 1000);
      const isOld = request.targets === undefined && leftSeconds > 0;
      const ips = isOld ? [old] : (request.targets ?? addressesStanding(worker.zones, request.hostname));
      const report = healthyReport(request, ips);
      const startedAt = new Date(worker.clock.now()).toISOString();
      const records = ips.map((data) => ({ name: host, type: 'A', ttlSeconds: isOld ? leftSeconds : 60, data }));
      const answers = report.resolution.answers.map((answer) => ({ ...answer, records }));
      return { ok: true, report: { ...report, startedAt, resolution: { ...report.resolution, answers } } };
    };
  };

  it('is asked again when what it remembers has run out, and then the name is probed', async () => {
    const worker = await withStandby();
    await worker.say(`failover ${host}`);
    remembering(worker, '10.0.4.12', worker.clock.now() + 7_000);
    worker.probes.length = 0;
    await worker.say(button(worker, 'Fail over'));
    expect(worker.probes.map(({ lookUpOnly = false }) => lookUpOnly)).toEqual([true, true, false]);
    expect(worker.lastReply()).toContain('The resolver returns `10.0.5.12`');
  });

  it('is not waited for beyond the worker’s time: then it is said by when it will know, and Check again is offered', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12 --standby 10.0.5.12 --ttl 3600`);
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain('Effective within 3600 s');
    remembering(worker, '10.0.4.12', worker.clock.now() + 3_600_000);
    await worker.say(button(worker, 'Fail over'));
    expect(worker.clock.slept.length).toBeLessThan(3);
    expect(worker.lastReply()).toContain('does not return `10.0.5.12` yet');
    expect(button(worker, 'Check again')).toBe(`check ${host}`);
  });

  it('may remember for the negative TTL that a type was not there', async () => {
    const worker = await withStandby({}, '--standby fd00::12 10.0.5.12');
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain(
      'Effective within 900 s of being applied: resolvers may cache the missing AAAA record that long',
    );
    await worker.say(button(worker, 'Fail over'));
    expect((await addresses(worker)).toSorted()).toEqual(['10.0.5.12', 'fd00::12']);
    await worker.say(`failover ${host}`);
    expect(worker.lastReply()).toContain('Effective within 60 s');
    await worker.say(button(worker, 'Fail over'));
    expect(worker.lastReply()).toContain('it may still return the removed AAAA record');
  });

  it('is asked after an update, too', async () => {
    const worker = await withStandby();
    await worker.say(`update ${host} 10.0.4.13`);
    expect(worker.lastReply()).toContain('Effective within 60 s');
    await worker.say(button(worker, 'Apply'));
    expect(worker.lastReply()).toContain('The resolver returns `10.0.4.13`');
  });
});

describe('a standby elsewhere', () => {
  it('may be a name, and so may what it takes over from', async () => {
    const worker = workerUnderTest();
    await worker.say('add spare.mail.corp.internal 10.0.5.12');
    await worker.say(`add ${host} 10.0.4.12 --standby spare.mail.corp.internal`);
    worker.over.probe = (request) => {
      const report = healthyReport(request, ['10.0.5.12']);
      const cnameChain = ['spare.mail.corp.internal'];
      return { ok: true, report: { ...report, resolution: { ...report.resolution, cnameChain } } };
    };
    await failOver(worker);
    expect((await worker.records(host)).find(({ type }) => type === 'CNAME')?.values).toEqual([
      'spare.mail.corp.internal',
    ]);
    expect(worker.lastReply()).toContain('The resolver returns `spare.mail.corp.internal`');
    await failOver(worker);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  it('is found by list --target, which says whose standby it is', async () => {
    const worker = await withStandby();
    await worker.say('list --target 10.0.5.12');
    expect(worker.lastReply()).toContain('10.0.5.12 is its standby');
    await worker.say('list --target 10.0.4.12');
    expect(worker.lastReply()).not.toContain('is its standby');
  });

  it('is kept when a record that lost its marker is adopted, also where someone had failed over by hand', async () => {
    const worker = await withStandby();
    const withoutMarker = async (address: string): Promise<void> => {
      const standing = await worker.records(host);
      const record: RecordSet = { name: host, type: 'A', ttlSeconds: 60, values: [address] };
      const batch = [
        ...standing.map((recordSet) => ({ action: 'DELETE', recordSet }) as const),
        { action: 'CREATE', recordSet: record } as const,
      ];
      await worker.ports.zones.submit('Z0CORP', batch, '', signal);
    };
    const standby = async () => (await lastChange(worker)).plan.definitionAfter?.standby;
    await withoutMarker('10.0.4.12');
    await worker.say(`adopt ${host}`);
    expect(await standby()).toEqual({ kind: 'addresses', addresses: ['10.0.5.12'] });
    await withoutMarker('10.0.5.12');
    await worker.say(`adopt ${host}`);
    expect(await standby()).toEqual({ kind: 'addresses', addresses: ['10.0.4.12'] });
    await failOver(worker);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  it('is put right with its record by update after drift', async () => {
    const worker = await withStandby();
    await failOver(worker);
    await edit(worker, (set) => (set.type === 'A' ? { ...set, values: ['10.66.0.1'] } : set));
    await worker.say(`drift ${host}`);
    await worker.say(button(worker, 'Restore'));
    await worker.say(button(worker, 'Apply'));
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    expect((await lastChange(worker)).plan.definitionAfter?.standby).toEqual({
      kind: 'addresses',
      addresses: ['10.0.4.12'],
    });
  });
});

describe('a failover that would break what works', () => {
  const breaking = async (policy: Parameters<typeof workerUnderTest>[0] = {}) => {
    const worker = await withStandby(policy);
    worker.over.probe = (request) => ({
      ok: true,
      report: dead(healthyReport(request, request.targets ?? addressesStanding(worker.zones, host)), '10.0.5.12'),
    });
    return worker;
  };
  const shown = ({ messenger }: Worker): string =>
    JSON.stringify([
      ...messenger.replies.map(({ message }) => message),
      ...messenger.posts.map(({ message }) => message),
    ]);

  it('has a red button that asks once more, and no green one', async () => {
    const worker = await breaking();
    await worker.say(`failover ${host}`);
    expect(buttons(worker).map(({ label }) => label)).not.toContain('Fail over');
    expect(button(worker, 'Fail over anyway')).toMatch(/^approve \S+ --plan \S+ --force$/);
    expect(shown(worker)).toContain('"style":"danger","confirm":{"title":');
    await worker.say(button(worker, 'Fail over anyway'));
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
  });

  it('has the same button in the list of waiting plans', async () => {
    const worker = await breaking();
    await worker.say(`failover ${host}`);
    await worker.say('pending');
    const listed = JSON.stringify(worker.messenger.replies.at(-1)?.message.blocks);
    expect(listed).toContain('"text":"Fail over anyway"');
    expect(listed).not.toContain('"text":"Fail over"');
    expect(listed).toContain('"style":"danger","confirm":{"title":');
  });

  it('wants --force of whoever types the approval', async () => {
    const worker = await breaking();
    await worker.say(`failover ${host}`);
    const { changeId, plan } = await lastChange(worker);
    expect(plan.breaksDelivery).toBe(true);
    await worker.say(`approve ${changeId} --plan ${plan.digest}`);
    expect(worker.lastReply()).toContain('--force');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await worker.say(`approve ${changeId} --plan ${plan.digest} --force`);
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
  });

  it('wants --force of whoever breaks glass, since nobody is asked after that', async () => {
    const protectedName = {
      policy: {
        protected: [
          {
            name: 'production',
            hostnames: ['*.mail.corp.internal'],
            verbs: ['failover' as const],
            approvers: { users: ['U0LI'] },
            channel: 'C0OTHER',
          },
        ],
        breakGlass: { users: ['U0MARIA'] },
      },
    };
    const worker = await breaking(protectedName);
    const line = `failover ${host} --break-glass "the current one burns"`;
    await worker.say(line);
    expect(worker.lastReply()).toContain('would break delivery');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    expect((await worker.kinds(host)).at(-1)).toBe('refused');
    await worker.say(`${line} --force`);
    expect(await addresses(worker)).toEqual(['10.0.5.12']);
    const approved = await breaking(protectedName);
    await approved.say(`failover ${host}`);
    expect(button(approved, 'Approve anyway')).toContain('--force');
  });

  it('is none where the current target is down as well, or nobody knows', async () => {
    const worker = await withStandby();
    worker.over.probe = (request) => ({ ok: true, report: dead(healthyReport(request), '10.0.4.12', '10.0.5.12') });
    await worker.say(`failover ${host}`);
    expect(button(worker, 'Fail over')).not.toContain('--force');
    const unknown = await withStandby();
    unknown.over.probe = () => ({ ok: false, failure: { kind: 'timeout', message: 'no answer' } });
    await unknown.say(`failover ${host}`);
    expect((await lastChange(unknown)).plan).not.toHaveProperty('breaksDelivery');
  });
});
