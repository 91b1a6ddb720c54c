import { describe, expect, test } from 'vitest';
import type { LocalRecordSet } from '../../../lib/local/route53/record-set.ts';
import type { ZoneSeed } from '../../../lib/local/route53/zone.ts';
import { zoneSeed } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const set = (name: string, type: string, ...values: readonly string[]): LocalRecordSet => ({
  name: `${name}.corp.internal`,
  type,
  ttlSeconds: 3600,
  values,
});

/** A worker whose zone holds these record sets, with other zones that its VPC sees. */
const withRecords = (recordSets: readonly LocalRecordSet[], others: readonly ZoneSeed[] = []) =>
  workerUnderTest({ zones: [{ ...zoneSeed, recordSets }, ...others] });

const values = async (worker: ReturnType<typeof workerUnderTest>, hostname: string) =>
  (await worker.records(hostname)).filter(({ type }) => type !== 'TXT').flatMap((found) => found.values);

describe('wildcards', () => {
  const apps = set('*.apps', 'A', '10.0.4.30');

  test('check asks the resolver for a name that only a wildcard answers, and says so', async () => {
    const worker = withRecords([apps]);
    await worker.say('check smtp.apps.corp.internal');
    expect(worker.probes).toMatchObject([{ hostname: 'smtp.apps.corp.internal', recordTypes: ['A'] }]);
    expect(worker.lastReply()).toContain('the wildcard *.apps.corp.internal answers for it');
  });

  test.each(['below.own.apps', 'empty.apps'])('check does not ask for %s, which no wildcard covers', async (name) => {
    const worker = withRecords([apps, set('own.apps', 'TXT', '"x"'), set('deep.empty.apps', 'A', '10.0.4.31')]);
    await worker.say(`check ${name}.corp.internal`);
    expect(worker.probes).toEqual([]);
    expect(worker.lastReply()).toContain('No hosts to try');
  });

  test('a CNAME to a name that only a wildcard answers is accepted', async () => {
    const worker = withRecords([apps]);
    await worker.say('add crm.corp.internal smtp.apps.corp.internal');
    expect(await values(worker, 'crm.corp.internal')).toEqual(['smtp.apps.corp.internal']);
  });
});

describe('where a CNAME leads', () => {
  const metadata = '169.254.169.254';

  test.each([
    ['an address outside the ranges', [set('b', 'A', '8.8.8.8')], '8.8.8.8, which is outside the ranges'],
    ['the metadata service', [set('b', 'A', metadata)], metadata],
    [
      'another name outside the zones',
      [set('b', 'CNAME', 'evil.example.com')],
      'evil.example.com, which lies outside the zones',
    ],
    ['a second hop outside the ranges', [set('b', 'CNAME', 'c.corp.internal'), set('c', 'A', '8.8.8.8')], '8.8.8.8'],
    ['a wildcard outside the ranges', [set('b', 'CNAME', 'x.w.corp.internal'), set('*.w', 'A', '8.8.8.8')], '8.8.8.8'],
    ['a name that does not exist', [set('b', 'CNAME', 'gone.corp.internal')], 'gone.corp.internal does not exist'],
  ] as const)('%s is refused, for targets and for standbys', async (_, recordSets, said) => {
    for (const line of [
      'add a.corp.internal b.corp.internal',
      'add a.corp.internal 10.0.4.12 --standby b.corp.internal',
    ]) {
      const worker = withRecords(recordSets);
      await worker.say(line);
      expect(worker.lastReply()).toContain(said);
      expect(await worker.records('a.corp.internal')).toEqual([]);
    }
  });

  const lab = { ...zoneSeed, id: 'Z0LAB', name: 'lab.corp.internal' };

  test('a more specific private zone that the policy does not list answers in place of the wider one', async () => {
    const recordSets = [set('b.lab', 'A', '10.0.4.12')];
    for (const [address, isTaken] of [
      ['10.0.4.40', true],
      ['8.8.8.8', false],
    ] as const) {
      const worker = withRecords(recordSets, [{ ...lab, recordSets: [set('b.lab', 'A', address)] }]);
      await worker.say('add a.corp.internal b.lab.corp.internal');
      expect((await worker.records('a.corp.internal')).length > 0).toBe(isTaken);
    }
  });

  describe('straight into another private zone of the VPC, of a name of its own', () => {
    const other: ZoneSeed = {
      ...zoneSeed,
      id: 'Z0OTHER',
      name: 'lab.example',
      recordSets: [
        { name: 'mx.lab.example', type: 'A', ttlSeconds: 60, values: ['10.0.4.40'] },
        { name: 'out.lab.example', type: 'A', ttlSeconds: 60, values: ['8.8.8.8'] },
        { name: 'back.lab.example', type: 'CNAME', ttlSeconds: 60, values: ['a.corp.internal.'] },
      ],
    };

    test.each([
      ['mx.lab.example', undefined],
      ['MX.Lab.Example.', undefined],
      ['out.lab.example', '8.8.8.8, which is outside the ranges'],
      ['gone.lab.example', 'gone.lab.example has no address in its zone'],
      ['back.lab.example', 'a loop'],
      ['mx.elsewhere.example', 'mx.elsewhere.example lies outside the zones'],
    ])('%s is judged by what that zone has, for targets and for standbys', async (target, refused) => {
      for (const line of [`add a.corp.internal ${target}`, `add a.corp.internal 10.0.4.12 --standby ${target}`]) {
        const worker = withRecords([], [other]);
        await worker.say(line);
        expect((await worker.records('a.corp.internal')).length > 0).toBe(refused === undefined);
        if (refused !== undefined) expect(worker.lastReply()).toContain(refused);
      }
    });

    test('such a record can be adopted', async () => {
      const worker = withRecords([set('a', 'CNAME', 'mx.lab.example')], [other]);
      await worker.say('adopt a.corp.internal');
      expect(await worker.kinds('a.corp.internal')).toContain('applied');
    });

    test.each([
      ['denied', 'refused', 'list the zones of the VPC'],
      ['unreachable', 'requested', 'Check again later'],
    ] as const)(
      'where the zones of the VPC cannot be listed (%s), nothing is sent, and the answer says so',
      async (kind, entry, advice) => {
        const worker = withRecords([], [other]);
        const { zoneListing } = worker.ports;
        const visibleZones: typeof zoneListing.visibleZones = async () => ({
          ok: false,
          failure: { kind, message: 'no answer to ListHostedZonesByVPC' },
        });
        const ports = { zoneListing: { ...zoneListing, visibleZones } };
        await worker.work(worker.message('add a.corp.internal mx.lab.example --dry-run'), 1, ports);
        expect(worker.lastReply()).toContain(
          'Could not check whether another private zone of the VPC has it: no answer to ListHostedZonesByVPC',
        );
        expect(worker.lastReply()).toContain(advice);
        await worker.work(worker.message('add a.corp.internal mx.lab.example'), 1, ports);
        expect(await worker.kinds('a.corp.internal')).toEqual([entry]);
        expect(await worker.records('a.corp.internal')).toEqual([]);
      },
    );
  });

  test('a zone that may not be read is "could not check", with what the resolver answers', async () => {
    const worker = withRecords([], [{ ...lab, recordSets: [set('b.lab', 'A', '10.0.4.40')] }]);
    const { zoneListing } = worker.ports;
    const around: typeof zoneListing.around = async (zone, ...asked) =>
      zone.id === lab.id
        ? { ok: false, failure: { kind: 'denied', message: 'no right to read Z0LAB' } }
        : zoneListing.around(zone, ...asked);
    await worker.work(worker.message('add a.corp.internal b.lab.corp.internal --dry-run'), 1, {
      zoneListing: { ...zoneListing, around },
    });
    expect(worker.probes).toMatchObject([{ lookUpOnly: true, targets: ['b.lab.corp.internal'] }]);
    expect(worker.lastReply()).toContain('Could not check where b.lab.corp.internal leads');
    expect(worker.lastReply()).toContain('no right to read Z0LAB');
  });

  test('check names the missing link of a chain', async () => {
    const worker = withRecords([set('cn', 'CNAME', 'zz.corp.internal')]);
    await worker.say('check cn.corp.internal');
    expect(worker.lastReply()).toContain('zz.corp.internal does not exist');
    expect(worker.probes).toEqual([]);
  });
});

describe('show says where a name without an address of its own leads', () => {
  const lb = set('lb', 'A', '10.0.4.30');
  test.each([
    ['cn', [set('cn', 'CNAME', 'lb.corp.internal'), lb], 'It leads to 10.0.4.30.'],
    [
      'cn',
      [set('cn', 'CNAME', 'b.corp.internal'), set('b', 'CNAME', 'lb.corp.internal'), lb],
      'It leads to 10.0.4.30, by cn.corp.internal → b.corp.internal → lb.corp.internal.',
    ],
    ['cn', [set('cn', 'CNAME', 'zz.corp.internal')], '*It leads to no address:* zz.corp.internal does not exist'],
    [
      'cn',
      [set('cn', 'CNAME', 'b.corp.internal'), set('b', 'CNAME', 'cn.corp.internal')],
      'cn.corp.internal leads back to itself',
    ],
    ['cn', [set('cn', 'CNAME', 'mx.example.com')], 'mx.example.com, which lies outside the zones'],
    [
      'smtp.apps',
      [set('*.apps', 'A', '10.0.4.30')],
      'The wildcard *.apps.corp.internal answers for it. It leads to 10.0.4.30.',
    ],
    [
      'smtp.apps',
      [set('*.apps', 'CNAME', 'zz.corp.internal')],
      'The wildcard *.apps.corp.internal answers for it. *It leads to no address:*',
    ],
  ] as const)('%s %j', async (name, recordSets, said) => {
    const worker = withRecords(recordSets);
    await worker.say(`show ${name}.corp.internal`);
    expect(worker.lastReply()).toContain(said);
  });
});

test('drift of all names follows chains, and reads each zone once', async () => {
  const worker = withRecords([set('lb', 'A', '10.0.4.30')]);
  for (const name of ['a', 'b', 'c']) await worker.say(`add ${name}.corp.internal lb.corp.internal`);
  await worker.say('drift');
  expect(worker.lastReply()).toContain('No drift');
  const lb = (await worker.records('lb.corp.internal')).map((recordSet) => ({ action: 'DELETE', recordSet }) as const);
  await worker.ports.zones.submit('Z0CORP', lb, 'another tool', new AbortController().signal);
  const listed: string[] = [];
  const { zoneListing } = worker.ports;
  await worker.work(worker.message('drift'), 1, {
    zoneListing: {
      ...zoneListing,
      list: (zoneId, signal) => {
        listed.push(zoneId);
        return zoneListing.list(zoneId, signal);
      },
    },
  });
  expect(worker.lastReply()).toContain('3 of 3 have drifted');
  expect(worker.lastReply()).toContain('leads to no address');
  expect(listed).toEqual(['Z0CORP']);
});

describe('records that another tool spells in another way', () => {
  test.each([
    ['CNAME', 'LB.corp.internal.', 'lb.corp.internal'],
    ['AAAA', 'fd00:0:0:0:0:0:0:1', 'fd00::1'],
  ])('%s %s is no drift, and update does not rewrite it', async (type, spelt, target) => {
    const worker = withRecords([set('lb', 'A', '10.0.4.30')]);
    await worker.say(`add a.corp.internal ${target}`);
    const [own] = (await worker.records('a.corp.internal')).filter((found) => found.type === type);
    if (own === undefined) throw new Error('nothing was added');
    const swap = [
      { action: 'DELETE', recordSet: own },
      { action: 'CREATE', recordSet: { ...own, values: [spelt] } },
    ] as const;
    expect(await worker.ports.zones.submit('Z0CORP', swap, 'another tool', new AbortController().signal)).toMatchObject(
      { kind: 'accepted' },
    );
    await worker.say('drift a.corp.internal');
    expect(worker.lastReply()).toContain('matches the registry');
    await worker.say('update a.corp.internal');
    expect(await values(worker, 'a.corp.internal')).toEqual([spelt]);
  });

  test('adopt leaves a CNAME with a final dot as it is', async () => {
    const worker = withRecords([set('lb', 'A', '10.0.4.30'), set('a', 'CNAME', 'LB.corp.internal.')]);
    await worker.say('adopt a.corp.internal');
    if ((await worker.records('a.corp.internal')).length === 1) await worker.say(worker.button('Apply'));
    expect(await values(worker, 'a.corp.internal')).toEqual(['LB.corp.internal.']);
    expect(await worker.records('a.corp.internal')).toHaveLength(2);
  });
});

describe('a name that exists and that nobody registered', () => {
  test.each([
    'show a.corp.internal',
    'check a.corp.internal',
    'add a.corp.internal 10.0.4.13',
    'update a.corp.internal 10.0.4.13',
  ])('%s offers the line that adopts it', async (line) => {
    const worker = withRecords([set('a', 'A', '10.0.4.30')]);
    await worker.say(line);
    expect(worker.lastReply()).toContain('/postal-endpoint adopt a.corp.internal');
  });

  const alias: LocalRecordSet = {
    name: 'a.corp.internal',
    type: 'A',
    values: [],
    aliasTarget: { hostedZoneId: 'ZELB', dnsName: 'lb.example.com.', evaluateTargetHealth: false },
  };
  test.each([
    ['A and TXT', [set('a', 'A', '10.0.4.30'), set('a', 'TXT', '"v=spf1 -all"')], 'v=spf1 -all'],
    ['an alias', [alias], 'A (alias)'],
    ['A and MX', [set('a', 'A', '10.0.4.30'), set('a', 'MX', '10 mx.corp.internal')], 'MX 10 mx.corp.internal'],
  ] as const)(
    'adopt of %s names what is in the way, and offers nothing that would be refused',
    async (_, recordSets, said) => {
      const worker = withRecords(recordSets);
      await worker.say('adopt a.corp.internal');
      expect(worker.lastReply()).toContain(said);
      expect(worker.lastReply()).not.toContain('/postal-endpoint add');
      await worker.say('show a.corp.internal');
      expect(worker.lastReply()).toContain(said);
      expect(worker.lastReply()).not.toContain('/postal-endpoint adopt');
    },
  );
});

describe('record set protections in Route 53', () => {
  const signal = new AbortController().signal;
  const comment = 'ask <!channel> the network team\u202e';

  test.each([
    ['A', 'add a.corp.internal 10.0.4.12', ''],
    ['TXT', 'add a.corp.internal 10.0.4.12', '_postal-endpoint.'],
    ['A', 'update a.corp.internal 10.0.4.13', ''],
    ['A', 'remove a.corp.internal', ''],
  ])('a protected %s refuses "%s" when it is planned, with its comment as plain text', async (type, line, prefix) => {
    const worker = withRecords([]);
    if (!line.startsWith('add')) await worker.say('add a.corp.internal 10.0.4.12');
    const before = await worker.records('a.corp.internal');
    worker.zones.protect('Z0CORP', `${prefix}a.corp.internal`, type, comment);
    await worker.say(line);
    expect(worker.lastReply()).toContain(`${prefix}a.corp.internal ${type} is protected in Route 53`);
    expect(worker.lastReply()).toContain('ask &lt;!channel&gt; the network team\\\\u{202e}');
    expect((await worker.kinds('a.corp.internal')).at(-1)).toBe('refused');
    expect(await worker.records('a.corp.internal')).toEqual(before);
  });

  test('of another type or name is no matter; one that cannot be read is a warning', async () => {
    const worker = withRecords([]);
    worker.zones.protect('Z0CORP', 'a.corp.internal', 'AAAA', comment);
    worker.zones.protect('Z0CORP', 'b.corp.internal', 'A', comment);
    await worker.say('add a.corp.internal 10.0.4.12');
    expect(await worker.records('a.corp.internal')).toHaveLength(2);
    const { zoneListing } = worker.ports;
    const protections: typeof zoneListing.protections = async () => ({
      ok: false,
      failure: { kind: 'denied', message: 'no right' },
    });
    await worker.work(worker.message('add c.corp.internal 10.0.4.12'), 1, {
      zoneListing: { ...zoneListing, protections },
    });
    const read = await worker.ports.zones.readNames('Z0CORP', ['c.corp.internal'], signal);
    expect(read.ok && read.value).toHaveLength(1);
    expect(JSON.stringify(await worker.ledger.read('c.corp.internal', signal))).toContain(
      'Could not check record set protections',
    );
  });
});

describe('a name below a wildcard', () => {
  const mail = { ...set('*.mail', 'A', '10.0.4.99') };
  const host = 'gitlab.mail.corp.internal';

  test('add says what answered before, and for how long that is remembered', async () => {
    const worker = withRecords([mail]);
    await worker.say(`add ${host} 10.0.4.12 --dry-run`);
    expect(worker.lastReply()).toContain(
      `For up to 3600 s after this change, resolvers may still answer for ${host} from the wildcard *.mail.corp.internal (A 10.0.4.99, TTL 3600).`,
    );
    expect(worker.lastReply()).toContain('Effective within 3600 s');
    await worker.say(`add ${host} 10.0.4.12`);
    const posted = JSON.stringify(worker.messenger.posts.map(({ message }) => message));
    expect(posted).toContain('the wildcard *.mail.corp.internal');
  });

  test('remove says what will answer afterwards', async () => {
    const worker = withRecords([mail]);
    await worker.say(`add ${host} 10.0.4.12 --ttl 300`);
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).toContain(
      `Afterwards the wildcard *.mail.corp.internal (A 10.0.4.99, TTL 3600) answers for ${host}: mail for it goes there.`,
    );
    expect(worker.lastReply()).toContain('Effective within 300 s');
  });

  test.each([
    [
      '*.mail',
      `From then on the wildcard answers for no name below ${host} either.`,
      `It also answers for every name below ${host}.`,
    ],
    [
      '*',
      'From then on the wildcard answers neither for mail.corp.internal nor for any name below it.',
      'It also answers for mail.corp.internal and every name below it.',
    ],
  ] as const)('both say what becomes of the names around it, with the wildcard %s', async (name, added, removed) => {
    const worker = withRecords([set(name, 'A', '10.0.4.99')]);
    await worker.say(`add ${host} 10.0.4.12 --dry-run`);
    expect(worker.lastReply()).toContain(added);
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).toContain(removed);
  });

  test.each([
    [
      'another name makes the one above it exist',
      [set('*', 'A', '10.0.4.99'), set('other.mail', 'A', '10.0.4.1')],
      false,
    ],
    ['nothing else makes the one above it exist', [set('*', 'A', '10.0.4.99')], true],
    ['a name below it remains', [mail, set('below.gitlab.mail', 'A', '10.0.4.1')], false],
    ['there is no wildcard', [set('other.mail', 'A', '10.0.4.1')], false],
    ['the wildcard has only text', [set('*.mail', 'TXT', '"x"')], false],
  ] as const)('when %s', async (_, recordSets, isNamed) => {
    const worker = withRecords(recordSets);
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`remove ${host}`);
    expect(worker.lastReply().includes('Afterwards the wildcard')).toBe(isNamed);
  });
});
