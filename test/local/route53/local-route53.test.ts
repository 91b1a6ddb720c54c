import {
  AssociateVPCWithHostedZoneCommand,
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalRoute53Harness, localClientConfig, startLocalRoute53 } from '../../support/local-route53.ts';

const vpc = { VPCId: 'vpc-1', VPCRegion: 'eu-central-1' } as const;
const seeds = [
  { id: 'ZCORP', name: 'corp.internal', vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }] },
  { id: 'ZPUBLIC', name: 'example.com', isPrivate: false },
];

let harness: LocalRoute53Harness;
let client: Route53Client;

beforeEach(async () => {
  harness = await startLocalRoute53({ zones: seeds });
  client = new Route53Client({ ...localClientConfig(harness.url), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await harness.route53.close();
});

const set = (Name: string, Type: ResourceRecordSet['Type'], ...values: readonly string[]): ResourceRecordSet => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: values.map((Value) => ({ Value })),
});
const change = (Action: Change['Action'], ResourceRecordSet: ResourceRecordSet): Change => ({
  Action,
  ResourceRecordSet,
});
const submit = (...Changes: readonly Change[]) =>
  client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: 'ZCORP',
      ChangeBatch: { Comment: 'why', Changes: [...Changes] },
    }),
  );
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => undefined).catch((error: unknown) => error);

const listAll = async (pageSize?: number) => {
  const names: string[] = [];
  const pages: number[] = [];
  let start: object = {};
  for (;;) {
    const page = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: 'ZCORP', MaxItems: pageSize, ...start }),
    );
    names.push(
      ...(page.ResourceRecordSets ?? []).map((found) =>
        `${found.Name} ${found.Type} ${found.SetIdentifier ?? ''}`.trim(),
      ),
    );
    pages.push(page.ResourceRecordSets?.length ?? 0);
    if (page.IsTruncated !== true) return { names, pages };
    start = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      StartRecordIdentifier: page.NextRecordIdentifier,
    };
  }
};

describe('zones', () => {
  test('CreateHostedZone makes a private zone with SOA and NS, which every listing shows', async () => {
    const created = await client.send(
      new CreateHostedZoneCommand({
        Name: 'New.Internal',
        CallerReference: 'one',
        VPC: vpc,
        HostedZoneConfig: { Comment: 'a & b', PrivateZone: true },
      }),
    );
    expect(created).toMatchObject({
      HostedZone: {
        Id: expect.stringMatching(/^\/hostedzone\/Z/),
        Name: 'new.internal.',
        Config: { Comment: 'a & b', PrivateZone: true },
        ResourceRecordSetCount: 2,
      },
      ChangeInfo: { Id: expect.stringMatching(/^\/change\/C/), SubmittedAt: new Date('2026-03-02T14:02:00Z') },
      VPC: vpc,
    });
    const id = created.HostedZone?.Id ?? '';
    expect((await client.send(new GetHostedZoneCommand({ Id: id }))).VPCs).toEqual([vpc]);
    expect(
      (await client.send(new ListHostedZonesCommand({ HostedZoneType: 'PrivateHostedZone' }))).HostedZones,
    ).toHaveLength(2);
    const byVpc = await client.send(new ListHostedZonesByVPCCommand({ ...vpc }));
    expect(byVpc.HostedZoneSummaries?.map((zone) => zone.Name)).toEqual(['corp.internal.', 'new.internal.']);
  });

  test('a zone is not made twice, nor with a bad name, nor beside one of its name in the same VPC', async () => {
    const create = (Name: string, CallerReference: string) =>
      client.send(new CreateHostedZoneCommand({ Name, CallerReference, VPC: vpc }));
    await create('new.internal', 'one');
    expect(await caught(create('other.internal', 'one'))).toMatchObject({ name: 'HostedZoneAlreadyExists' });
    expect(await caught(create('a..internal', 'two'))).toMatchObject({ name: 'InvalidDomainName' });
    expect(await caught(create('corp.internal', 'three'))).toMatchObject({ name: 'ConflictingDomainExists' });
    const withoutVpc = new CreateHostedZoneCommand({
      Name: 'x.internal',
      CallerReference: 'four',
      HostedZoneConfig: { PrivateZone: true },
    });
    expect(await caught(client.send(withoutVpc))).toMatchObject({ name: 'InvalidInput' });
  });

  test('a VPC is associated with a private zone only, and once', async () => {
    const associate = (HostedZoneId: string, VPCId: string) =>
      client.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC: { ...vpc, VPCId } }));
    expect((await associate('ZCORP', 'vpc-2')).ChangeInfo?.Status).toBe('INSYNC');
    expect((await client.send(new GetHostedZoneCommand({ Id: 'ZCORP' }))).VPCs).toEqual([
      vpc,
      { ...vpc, VPCId: 'vpc-2' },
    ]);
    expect(await caught(associate('ZCORP', 'vpc-2'))).toMatchObject({ name: 'ConflictingDomainExists' });
    expect(await caught(associate('ZPUBLIC', 'vpc-2'))).toMatchObject({ name: 'PublicZoneVPCAssociation' });
    expect(await caught(associate('ZNONE', 'vpc-2'))).toMatchObject({
      name: 'NoSuchHostedZone',
      message: 'No hosted zone found with ID: ZNONE',
    });
  });

  test('a zone is deleted once nothing is in it but its SOA and NS, and is then gone everywhere', async () => {
    const host = set('a.corp.internal', 'A', '10.0.0.1');
    await submit(change('CREATE', host));
    const deletion = new DeleteHostedZoneCommand({ Id: '/hostedzone/ZCORP' });
    expect(await caught(client.send(deletion))).toMatchObject({ name: 'HostedZoneNotEmpty' });
    expect((await listAll()).names).toContain('a.corp.internal. A');
    await submit(change('DELETE', host));
    const { ChangeInfo } = await client.send(deletion);
    expect((await client.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo?.Status).toBe('INSYNC');
    expect(await caught(client.send(deletion))).toMatchObject({ name: 'NoSuchHostedZone' });
    expect(await caught(client.send(new GetHostedZoneCommand({ Id: 'ZCORP' })))).toMatchObject({
      name: 'NoSuchHostedZone',
    });
    expect((await client.send(new ListHostedZonesByVPCCommand({ ...vpc }))).HostedZoneSummaries ?? []).toEqual([]);
    expect(harness.route53.zones.served().map(({ id }) => id)).toEqual(['ZPUBLIC']);
  });

  test('listings go on page by page', async () => {
    for (const name of ['b.example.com', 'a.internal', 'corp-2.internal']) {
      await client.send(new CreateHostedZoneCommand({ Name: name, CallerReference: name, VPC: vpc }));
    }
    const byName: string[] = [];
    let next: object = {};
    for (;;) {
      const page = await client.send(new ListHostedZonesByNameCommand({ MaxItems: 2, ...next }));
      byName.push(...(page.HostedZones ?? []).map((zone) => zone.Name ?? ''));
      if (page.IsTruncated !== true) break;
      next = { DNSName: page.NextDNSName, HostedZoneId: page.NextHostedZoneId };
    }
    expect(byName).toEqual(['example.com.', 'b.example.com.', 'a.internal.', 'corp-2.internal.', 'corp.internal.']);

    const byVpc: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListHostedZonesByVPCCommand({ ...vpc, MaxItems: 1, NextToken }));
      byVpc.push(...(page.HostedZoneSummaries ?? []).map((zone) => zone.Name ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(byVpc).toHaveLength(4);

    const first = await client.send(new ListHostedZonesCommand({ MaxItems: 4 }));
    const second = await client.send(new ListHostedZonesCommand({ MaxItems: 4, Marker: first.NextMarker }));
    expect([first.HostedZones?.length, first.IsTruncated, second.HostedZones?.length, second.IsTruncated]).toEqual([
      4,
      true,
      1,
      false,
    ]);
  });

  test('a bad VPC id is refused', async () => {
    expect(await caught(client.send(new ListHostedZonesByVPCCommand({ ...vpc, VPCId: 'nonsense' })))).toMatchObject({
      name: 'InvalidVPCId',
    });
  });
});

describe('listing record sets', () => {
  test.each([
    [299, [300, 1]],
    [599, [300, 300, 1]],
    [1_199, [300, 300, 300, 300, 1]],
  ])('%i hosts with SOA and NS come in pages %j, each once', async (hosts, pages) => {
    harness.route53.put(
      'ZCORP',
      Array.from({ length: hosts }, (_, index) => ({
        name: `h${index}.corp.internal`,
        type: 'A',
        ttlSeconds: 60,
        values: ['10.0.0.1'],
      })),
    );
    const listed = await listAll();
    expect(listed.pages).toEqual(pages);
    expect(new Set(listed.names).size).toBe(hosts + 2);
  });

  test('more than 300 a page are not to be had', async () => {
    harness.route53.put(
      'ZCORP',
      Array.from({ length: 301 }, (_, index) => ({
        name: `h${index}.corp.internal`,
        type: 'A',
        ttlSeconds: 60,
        values: ['10.0.0.1'],
      })),
    );
    expect((await listAll(1_000)).pages).toEqual([300, 3]);
  });

  test('the order is by reversed labels, then type, then set identifier, also across pages', async () => {
    const at = (name: string, type: string, more = {}) => ({ name, type, ttlSeconds: 60, values: ['x'], ...more });
    harness.route53.put('ZCORP', [
      at('b.corp.internal', 'TXT'),
      at('b.corp.internal', 'A', { setIdentifier: 'two', weight: 1 }),
      at('b.corp.internal', 'A', { setIdentifier: 'one', weight: 1 }),
      at('x.a.corp.internal', 'A'),
      at('a.corp.internal', 'A'),
      at('a-1.corp.internal', 'A'),
      at('*.corp.internal', 'A'),
    ]);
    const expected = [
      'corp.internal. NS',
      'corp.internal. SOA',
      'a-1.corp.internal. A',
      'a.corp.internal. A',
      'x.a.corp.internal. A',
      'b.corp.internal. A one',
      'b.corp.internal. A two',
      'b.corp.internal. TXT',
    ];
    for (const pageSize of [1, 2, 300]) {
      const { names } = await listAll(pageSize);
      expect(names.filter((name) => !name.startsWith('\\052'))).toEqual(expected);
      expect(names).toContain('\\052.corp.internal. A');
    }
  });

  test('a listing that starts at a name without sets shows the next one', async () => {
    harness.route53.put('ZCORP', [{ name: 'm.corp.internal', type: 'A', ttlSeconds: 60, values: ['10.0.0.1'] }]);
    const page = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: 'ZCORP', StartRecordName: 'l.corp.internal', MaxItems: 1 }),
    );
    expect(page.ResourceRecordSets?.map((found) => found.Name)).toEqual(['m.corp.internal.']);
  });

  test.each([
    ['a type without name', { StartRecordType: 'A' as const }],
    ['an identifier without type', { StartRecordName: 'a.corp.internal', StartRecordIdentifier: 'one' }],
    ['no items', { MaxItems: 0 }],
    ['a name that is none', { StartRecordName: 'a..b' }],
  ])('%s is InvalidInput', async (_, input) => {
    expect(
      await caught(client.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'ZCORP', ...input }))),
    ).toMatchObject({ name: 'InvalidInput' });
  });
});

describe('changes that the product never sends', () => {
  const current = async (name: string) =>
    (
      await client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: 'ZCORP', StartRecordName: name, MaxItems: 1 }),
      )
    ).ResourceRecordSets?.[0];

  test('UPSERT creates, then overwrites', async () => {
    await submit(change('UPSERT', set('u.corp.internal', 'A', '10.0.0.1')));
    await submit(change('UPSERT', set('u.corp.internal', 'A', '10.0.0.2')));
    expect(await current('u.corp.internal')).toMatchObject({ ResourceRecords: [{ Value: '10.0.0.2' }] });
  });

  test('UPSERT counts twice against the limits', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        change('UPSERT', set(`h${index}.corp.internal`, 'A', `10.0.${index >> 8}.${index & 255}`)),
      );
    expect(await caught(submit(...many(501)))).toMatchObject({
      name: 'InvalidChangeBatch',
      message: '[Number of records limit of 1000 exceeded.]',
    });
    await submit(...many(500));
  });

  test('the SOA and the NS of the apex cannot be deleted, but changed', async () => {
    const apex = await current('corp.internal');
    const all = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'ZCORP' }));
    expect(apex?.Type).toBe('NS');
    const messages = [
      'A HostedZone must contain exactly one SOA record.',
      'A HostedZone must contain at least one NS record for the zone itself.',
    ];
    expect(
      await caught(submit(...(all.ResourceRecordSets ?? []).map((found) => change('DELETE', found)))),
    ).toMatchObject({ message: `[${messages.join(', ')}]` });
    const ns = set('corp.internal', 'NS', ...(apex?.ResourceRecords ?? []).map((record) => record.Value ?? ''));
    await submit(change('DELETE', { ...ns, TTL: 172_800 }), change('CREATE', { ...ns, TTL: 300 }));
    expect(await current('corp.internal')).toMatchObject({ Type: 'NS', TTL: 300 });
  });

  test('MX, NS and PTR are validated, other types are not taken', async () => {
    await submit(
      change('CREATE', set('mx.corp.internal', 'MX', '10 a.corp.internal')),
      change('CREATE', set('p.corp.internal', 'PTR', 'a.corp.internal.')),
    );
    expect(await caught(submit(change('CREATE', set('mx2.corp.internal', 'MX', 'a.corp.internal'))))).toMatchObject({
      name: 'InvalidChangeBatch',
    });
    expect(await caught(submit(change('CREATE', set('c.corp.internal', 'CAA', '0 issue "ca"'))))).toMatchObject({
      name: 'InvalidChangeBatch',
    });
  });

  test.each<[string, Partial<ResourceRecordSet>]>([
    ['a set identifier without policy', { SetIdentifier: 'a' }],
    ['a policy without set identifier', { Weight: 1 }],
    ['two policies', { SetIdentifier: 'a', Weight: 1, MultiValueAnswer: true }],
    ['a weight over 255', { SetIdentifier: 'a', Weight: 256 }],
    [
      'an alias with values',
      { AliasTarget: { HostedZoneId: 'ZCORP', DNSName: 'a.corp.internal', EvaluateTargetHealth: false } },
    ],
    ['neither alias nor values', { TTL: undefined, ResourceRecords: undefined }],
  ])('a set with %s is InvalidInput', async (_, wrong) => {
    expect(
      await caught(submit(change('CREATE', { ...set('w.corp.internal', 'A', '10.0.0.1'), ...wrong }))),
    ).toMatchObject({ name: 'InvalidInput' });
  });

  const alias = (HostedZoneId: string): ResourceRecordSet => ({
    Name: 'r.corp.internal.',
    Type: 'A',
    AliasTarget: { HostedZoneId, DNSName: 'lb.example.com.', EvaluateTargetHealth: false },
  });
  const routed = (SetIdentifier: string, policy: Partial<ResourceRecordSet>): ResourceRecordSet => ({
    ...set('r.corp.internal.', 'A', '10.0.0.1'),
    SetIdentifier,
    ...policy,
  });

  test.each<[string, ResourceRecordSet, ResourceRecordSet]>([
    ['an alias', alias('ZELB'), alias('ZOTHER')],
    ['a weighted set', routed('one', { Weight: 10 }), routed('one', { Weight: 11 })],
    ['a latency set', routed('one', { Region: 'eu-central-1' }), routed('one', { Region: 'eu-west-1' })],
    ['a failover set', routed('one', { Failover: 'PRIMARY' }), routed('one', { Failover: 'SECONDARY' })],
    [
      'a geolocation set',
      routed('one', { GeoLocation: { CountryCode: 'DE' } }),
      routed('one', { GeoLocation: { CountryCode: 'FR' } }),
    ],
    [
      'a multivalue set',
      routed('one', { MultiValueAnswer: true, HealthCheckId: 'x' }),
      routed('one', { MultiValueAnswer: true }),
    ],
  ])('%s is created as sent, and deleted only as it stands', async (_, wanted, other) => {
    await submit(change('CREATE', wanted));
    expect(await current('r.corp.internal')).toEqual(wanted);
    expect(await caught(submit(change('CREATE', wanted)))).toMatchObject({
      message: expect.stringContaining('already exists'),
    });
    expect(await caught(submit(change('DELETE', other)))).toMatchObject({
      message: expect.stringContaining('do not match'),
    });
    await submit(change('DELETE', wanted));
    expect(await current('r.corp.internal')).toBeUndefined();
  });

  test('sets of one routing policy stand beside each other, and beside no other set of their type', async () => {
    await submit(change('CREATE', routed('one', { Weight: 10 })), change('CREATE', routed('two', { Weight: 20 })));
    for (const other of [set('r.corp.internal', 'A', '10.0.0.9'), routed('three', { MultiValueAnswer: true })]) {
      expect(await caught(submit(change('CREATE', other)))).toMatchObject({
        message: expect.stringContaining('other RRSets exist with the same name and type'),
      });
    }
    expect((await listAll()).names.filter((name) => name.startsWith('r.'))).toEqual([
      'r.corp.internal. A one',
      'r.corp.internal. A two',
    ]);
  });

  test('weighted CNAMEs stand beside each other, but beside no A', async () => {
    const cname = (SetIdentifier: string) => ({
      ...set('r.corp.internal', 'CNAME', 'a.example.com'),
      SetIdentifier,
      Weight: 1,
    });
    await submit(change('CREATE', cname('one')), change('CREATE', cname('two')));
    expect(await caught(submit(change('CREATE', set('r.corp.internal', 'A', '10.0.0.1'))))).toMatchObject({
      name: 'InvalidChangeBatch',
    });
  });

  test('label of 64 and name of 256 are refused', async () => {
    const long = `${'x'.repeat(64)}.corp.internal`;
    expect(await caught(submit(change('CREATE', set(long, 'A', '10.0.0.1'))))).toMatchObject({
      message: expect.stringContaining('DomainLabelTooLong'),
    });
    const longer = `${`${'x'.repeat(60)}.`.repeat(4)}corp.internal`;
    expect(await caught(submit(change('CREATE', set(longer, 'A', '10.0.0.1'))))).toMatchObject({
      message: expect.stringContaining('DomainNameTooLong'),
    });
  });

  test('the comment of a batch is kept with the change', async () => {
    const { ChangeInfo } = await submit(change('CREATE', set('c.corp.internal', 'A', '10.0.0.1')));
    expect((await client.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo).toMatchObject({
      Comment: 'why',
      Status: 'INSYNC',
    });
  });
});
