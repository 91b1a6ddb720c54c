import { describe, expect, test } from 'vitest';
import { driftSweep } from '../../../lib/app/watch/drift-sweep.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import { type Cname, pointersTo } from '../../../lib/core/dns/pointers.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

type Worker = ReturnType<typeof workerUnderTest>;
const signal = new AbortController().signal;
const [target, pointer] = ['zz.corp.internal', 'cn.corp.internal'];

/** `zz` has an address, and `cn` leads to it as `how` says. */
const pointedAt = async (how: string, options: Parameters<typeof workerUnderTest>[0] = {}): Promise<Worker> => {
  const worker = workerUnderTest(options);
  await worker.say(`add ${target} 10.0.4.12 --standby 10.0.4.13`);
  await worker.say(`add ${pointer} ${how}`);
  return worker;
};

/** A CNAME to `zz` that somebody else made. */
const foreignPointer = async (worker: Worker): Promise<void> => {
  const recordSet = { name: 'else.corp.internal', type: 'CNAME', ttlSeconds: 60, values: ['ZZ.corp.internal.'] };
  await worker.ports.zones.submit('Z0CORP', [{ action: 'CREATE', recordSet }], 'another tool', signal);
};

const sweep = (worker: Worker): Promise<void> => {
  const ports: WatchPorts = {
    ...worker.ports,
    zones: worker.ports.zoneListing,
    prober: worker.ports.batchProber,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    newToken: () => 'token',
  };
  return driftSweep(ports, { atMs: worker.clock.now() + 60_000, signal });
};

const apply = (worker: Worker, label = 'Apply') => worker.say(worker.button(label));
const addresses = async (worker: Worker) =>
  (await worker.records(target)).filter(({ type }) => type === 'A').flatMap(({ values }) => values);

describe('a name to which registered names lead', () => {
  test('is not removed, and they are named', async () => {
    const worker = await pointedAt(target);
    await worker.say(`remove ${target}`);
    expect(worker.lastReply()).toContain(`${pointer} leads to this name by CNAME, and would lead to nothing`);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  test('is removed with a warning where a wildcard answers after it', async () => {
    const worker = await pointedAt(target);
    const wildcard = { name: '\\052.corp.internal', type: 'A', ttlSeconds: 60, values: ['10.0.9.9'] };
    const send = (action: 'CREATE' | 'DELETE') =>
      worker.ports.zones.submit('Z0CORP', [{ action, recordSet: wildcard }], 'another tool', signal);
    await send('CREATE');
    await worker.say(`remove ${target}`);
    expect(worker.lastReply()).toContain(
      `${pointer} leads to this name by CNAME. Its mail goes where the wildcard *.corp.internal leads.`,
    );
    await send('DELETE');
    await apply(worker);
    expect(worker.lastReply()).toContain('would lead to nothing');
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await send('CREATE');
    await worker.say(`remove ${target}`);
    await apply(worker);
    expect(await addresses(worker)).toEqual([]);
  });

  test('a wildcard that leads there is named as people write it', async () => {
    const worker = await pointedAt('10.0.4.14');
    const recordSet = { name: '\\052.apps.corp.internal', type: 'CNAME', ttlSeconds: 60, values: [target] };
    await worker.ports.zones.submit('Z0CORP', [{ action: 'CREATE', recordSet }], 'another tool', signal);
    await worker.say(`remove ${target}`);
    expect(worker.lastReply()).toContain('*.apps.corp.internal, not registered here');
  });

  test('is not undone to nothing', async () => {
    const worker = await pointedAt(target);
    const [, requested] = await worker.ledger.read(target, signal);
    const changeId = requested !== undefined && 'changeId' in requested.body ? requested.body.changeId : '';
    await worker.say(`undo ${changeId}`);
    expect(worker.lastReply()).toContain(pointer);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });

  test.each([
    ['update zz.corp.internal 10.0.4.20', 'Apply'],
    ['failover zz.corp.internal', 'Fail over'],
  ])('"%s" says who moves along, and waits for a confirmation', async (line, label) => {
    const worker = await pointedAt(target, { policy: { confirm: { verbs: [] } } });
    await worker.say(line);
    expect(worker.lastReply()).toContain(
      `${pointer} leads to this name by CNAME. Its mail goes to the new target too.`,
    );
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
    await apply(worker, label);
    expect(await addresses(worker)).not.toEqual(['10.0.4.12']);
  });

  test('a standby is named too, and removal is confirmed', async () => {
    const worker = await pointedAt(`10.0.4.30 --standby ${target}`);
    await worker.say(`remove ${target}`);
    expect(worker.lastReply()).toContain(`This name is the standby of ${pointer}`);
    await apply(worker);
    expect(await addresses(worker)).toEqual([]);
  });

  test('one that leads elsewhere, or nowhere, is removed without a word about others', async () => {
    const worker = await pointedAt('10.0.4.30');
    await worker.say(`remove ${target}`);
    expect(worker.lastReply()).not.toContain(pointer);
  });

  test('a removal that waited is not sent when a name leads there by now', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${target} 10.0.4.12`);
    await worker.say(`remove ${target}`);
    const press = worker.button('Apply');
    await worker.say(`add ${pointer} ${target}`);
    await worker.say(press);
    expect(await addresses(worker)).toEqual(['10.0.4.12']);
  });
});

describe('a name to which names lead that nobody registered', () => {
  test('remove lists the zone afresh', async () => {
    const worker = await pointedAt('10.0.4.30');
    await foreignPointer(worker);
    await worker.say(`remove ${target}`);
    expect(worker.lastReply()).toContain(
      'else.corp.internal, not registered here, leads to this name by CNAME, and would lead to nothing',
    );
  });

  test('update knows them from the last listing of the drift sweep, and says how old it is', async () => {
    const worker = await pointedAt('10.0.4.30');
    await foreignPointer(worker);
    await worker.say(`update ${target} 10.0.4.20 --dry-run`);
    expect(worker.lastReply()).not.toContain('else.corp.internal');
    await sweep(worker);
    await worker.clock.advance(7 * 60_000);
    await worker.say(`update ${target} 10.0.4.20 --dry-run`);
    expect(worker.lastReply()).toContain('else.corp.internal, not registered here, leads to this name by CNAME');
    expect(worker.lastReply()).toContain('listing 7 min old');
    expect(worker.lastReply()).not.toContain('Not every record');
  });

  test('update says of which zone it does not know every record', async () => {
    const worker = await pointedAt('10.0.4.30');
    await foreignPointer(worker);
    await sweep(worker);
    const { policy } = worker.ports;
    const zones = [...policy.zones, { name: 'new.internal', id: 'Z0NEW', vpcs: [] }];
    const more = { policy: { ...policy, zones } };
    await worker.work(worker.message(`update ${target} 10.0.4.20 --dry-run`), 1, more);
    expect(worker.lastReply()).toContain('listing 0 min old. Not every record of new.internal is known.');
  });
});

test('a name to which a protected name leads needs the second person of that name', async () => {
  const policy = {
    grants: [{ name: 'all', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI'], verbs: ['*'] }],
    protected: [
      {
        name: 'production',
        hostnames: ['cn.corp.internal'],
        verbs: ['update' as const, 'remove' as const],
        approvers: { users: ['U0LI'] },
        channel: 'C0APPROVERS',
      },
    ],
  };
  const worker = await pointedAt(target, { policy, channels: ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'] });
  await worker.say(`update ${target} 10.0.4.20`);
  expect(worker.lastReply()).toContain('second person');
  expect(await addresses(worker)).toEqual(['10.0.4.12']);
  await worker.say(worker.button('Approve'), { user: 'maria', channel: 'C0APPROVERS' });
  expect(await addresses(worker)).toEqual(['10.0.4.12']);
  await worker.say(worker.button('Approve'), { user: 'li', channel: 'C0APPROVERS' });
  expect(await addresses(worker)).toEqual(['10.0.4.20']);
});

test('drift names the broken link of a name that is as registered', async () => {
  const worker = await pointedAt(target);
  for (const recordSet of await worker.records(target))
    await worker.ports.zones.submit('Z0CORP', [{ action: 'DELETE', recordSet }], 'by hand', signal);
  await worker.say(`drift ${pointer}`);
  expect(worker.lastReply()).toContain(`${target} does not exist (${pointer} → ${target})`);
});

test('pointers are found at every distance, and a circle ends', () => {
  const defined = (hostname: string, to: string, standby?: string) => {
    const { definition } = checkDefinition(
      { hostname, targets: [to], ...(standby === undefined ? {} : { standby: [standby] }) },
      examplePolicy(),
      exampleProfile(),
    );
    if (definition === undefined) throw new Error(hostname);
    return definition;
  };
  const cnames: readonly Cname[] = [
    { name: 'x.corp.internal', target: 'b.corp.internal' },
    { name: 'y.corp.internal', target: 'x.corp.internal' },
    { name: 'x.corp.internal', target: 'y.corp.internal' },
  ];
  const registered = [
    defined('b.corp.internal', 'a.corp.internal'),
    defined('c.corp.internal', '10.0.4.12', 'y.corp.internal'),
  ];
  expect(pointersTo('a.corp.internal', registered, cnames)).toEqual([
    { hostname: 'b.corp.internal', as: 'target', isRegistered: true },
    { hostname: 'x.corp.internal', as: 'target', isRegistered: false },
    { hostname: 'y.corp.internal', as: 'target', isRegistered: false },
    { hostname: 'c.corp.internal', as: 'standby', isRegistered: true },
  ]);
});
