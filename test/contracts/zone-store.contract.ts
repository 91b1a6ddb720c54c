import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RecordChange, RecordSet } from '../../lib/dns/record-set.ts';
import { formatTxt } from '../../lib/dns/txt-value.ts';
import type { SubmitResult, ZoneStore } from '../../lib/dns/zone-store.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import type { ZoneSeed } from '../../lib/local/route53/zone.ts';

/** How long a change of the contract's service stays PENDING. */
export const contractInsyncDelayMs = 30_000;

const vpc = (id: string) => ({ id, region: 'eu-central-1' });

/** Zones that every implementation under the contract begins with. */
export const contractZones: readonly ZoneSeed[] = [
  { id: 'ZCORP', name: 'corp.internal', vpcs: [vpc('vpc-1'), vpc('vpc-2')] },
  { id: 'ZBELOW', name: 'mail.corp.internal', vpcs: [vpc('vpc-2')] },
  { id: 'ZTWIN', name: 'corp.internal', vpcs: [vpc('vpc-1'), vpc('vpc-2')] },
  { id: 'ZELSEWHERE', name: 'corp.internal', vpcs: [vpc('vpc-9')] },
  { id: 'ZNEIGHBOUR', name: 'fooocorp.internal', vpcs: [vpc('vpc-1')] },
  { id: 'ZABOVE', name: 'internal', vpcs: [vpc('vpc-1')] },
  { id: 'ZPUBLIC', name: 'example.com', isPrivate: false },
];

/** A ZoneStore over a service that holds `contractZones`. */
export type ZoneStoreHarness = {
  readonly store: ZoneStore;
  /** Puts record sets into ZCORP past the store, as another tool would. */
  put(recordSets: readonly LocalRecordSet[]): void;
  /** Moves the service's clock on. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
};

const zoneId = 'ZCORP';
const name = 'gitlab.corp.internal';

const set = (type: string, values: readonly string[], over: Partial<RecordSet> = {}): RecordSet => ({ name, type, ttlSeconds: 60, values, ...over });
const create = (recordSet: RecordSet): RecordChange => ({ action: 'CREATE', recordSet });
const remove = (recordSet: RecordSet): RecordChange => ({ action: 'DELETE', recordSet });

const a = (value: string, over: Partial<RecordSet> = {}) => set('A', [value], over);
const marker = set('TXT', ['"v=1 generation=1"'], { name: `_postal-endpoint.${name}` });

/** What any implementation of the port must do. */
export const zoneStoreContract = (implementation: string, start: () => Promise<ZoneStoreHarness>): void => {
  describe(`${implementation} is a ZoneStore`, () => {
    let harness: ZoneStoreHarness;
    const signal = new AbortController().signal;
    const submit = (...changes: readonly RecordChange[]) => harness.store.submit(zoneId, changes, 'contract', signal);
    const accept = async (...changes: readonly RecordChange[]) => {
      const result = await submit(...changes);
      expect(result).toEqual({ kind: 'accepted', changeInfoId: expect.stringMatching(/^C[A-Z0-9]+$/) });
      return result.kind === 'accepted' ? result.changeInfoId : '';
    };
    const refusal = async (...changes: readonly RecordChange[]): Promise<readonly string[]> => {
      const result = await submit(...changes);
      expect(result.kind).toBe('invalid');
      return result.kind === 'invalid' ? result.messages : [];
    };
    const read = async (...names: readonly string[]) => {
      const result = await harness.store.readNames(zoneId, names, signal);
      if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.message}`);
      return result.value;
    };

    beforeEach(async () => {
      harness = await start();
    });
    afterEach(() => harness.close());

    describe('batches', () => {
      test('a CREATE of several sets is there as a whole', async () => {
        await accept(create(a('10.0.4.12')), create(marker));
        expect(await read(name, marker.name)).toEqual([a('10.0.4.12'), marker]);
      });

      test('a CREATE of an existing set fails, with the same values and with others', async () => {
        await accept(create(a('10.0.4.12')));
        const already = [`Tried to create resource record set [name='${name}.', type='A'] but it already exists`];
        expect(await refusal(create(a('10.0.4.12')))).toEqual(already);
        expect(await refusal(create(a('10.0.4.13')))).toEqual(already);
        expect(await read(name)).toEqual([a('10.0.4.12')]);
      });

      test.each([
        ['another value', a('10.0.4.13')],
        ['another TTL', a('10.0.4.12', { ttlSeconds: 61 })],
        ['one value more', set('A', ['10.0.4.12', '10.0.4.13'])],
      ])('a DELETE with %s fails', async (_, other) => {
        await accept(create(a('10.0.4.12')));
        expect(await refusal(remove(other))).toEqual([
          `Tried to delete resource record set [name='${name}.', type='A'] but the values provided do not match the current values`,
        ]);
        expect(await read(name)).toEqual([a('10.0.4.12')]);
      });

      test('a DELETE of nothing fails', async () => {
        expect(await refusal(remove(a('10.0.4.12')))).toEqual([
          `Tried to delete resource record set [name='${name}.', type='A'] but it was not found`,
        ]);
      });

      test('values in another order, and IPv6 written in another way, are equal', async () => {
        await accept(create(set('A', ['10.0.4.12', '10.0.4.13'])), create(set('AAAA', ['fd00::1'])));
        await accept(remove(set('A', ['10.0.4.13', '10.0.4.12'])), remove(set('AAAA', ['fd00:0:0::1'])));
        expect(await read(name)).toEqual([]);
      });

      test('DELETE then CREATE of one set swaps it; any other pair fails and changes nothing', async () => {
        await accept(create(a('10.0.4.12')));
        await accept(remove(a('10.0.4.12')), create(a('10.0.4.13')));
        expect(await read(name)).toEqual([a('10.0.4.13')]);
        const pair = `The request contains an invalid set of changes for a resource record set 'A ${name}.'`;
        expect(await refusal(remove(a('10.0.4.13')), remove(a('10.0.4.13')))).toContain(pair);
        expect(await refusal(create(a('10.0.4.14')), remove(a('10.0.4.13')))).toContain(pair);
        const fresh = { name: 'fresh.corp.internal' };
        expect(await refusal(create(a('10.0.4.14', fresh)), remove(a('10.0.4.14', fresh)))).toEqual([pair.replace(name, fresh.name)]);
        expect(await read(name, fresh.name)).toEqual([a('10.0.4.13')]);
      });

      test('one bad change fails the whole batch, and every message is reported', async () => {
        await accept(create(a('10.0.4.12')));
        const messages = await refusal(create(marker), create(a('10.0.4.13')), remove(a('10.0.4.14', { name: 'gone.corp.internal' })));
        expect(messages).toEqual([
          `Tried to create resource record set [name='${name}.', type='A'] but it already exists`,
          "Tried to delete resource record set [name='gone.corp.internal.', type='A'] but it was not found",
        ]);
        expect(await read(name, marker.name)).toEqual([a('10.0.4.12')]);
      });

      test('an empty batch fails', async () => {
        expect((await refusal()).join()).toContain('empty');
      });
    });

    describe('names and types', () => {
      test.each([
        ['A', '10.0.4.12', '10.0.4.13'],
        ['AAAA', 'fd00::1', 'fd00::2'],
        ['TXT', '"one"', '"two" "three"'],
      ])('%s is created, gets a second value, another TTL, both, and goes', async (type, first, second) => {
        const steps = [
          set(type, [first]),
          set(type, [first, second]),
          set(type, [first, second], { ttlSeconds: 300 }),
          set(type, [second], { ttlSeconds: 30 }),
        ];
        let standing: RecordSet | undefined;
        for (const step of steps) {
          await accept(...(standing === undefined ? [] : [remove(standing)]), create(step));
          expect(await read(name)).toEqual([step]);
          standing = step;
        }
        if (standing !== undefined) await accept(remove(standing));
        expect(await read(name)).toEqual([]);
      });

      test('A → CNAME → A, in one batch each', async () => {
        const cname = set('CNAME', ['mx.corp.internal']);
        await accept(create(a('10.0.4.12')));
        await accept(remove(a('10.0.4.12')), create(cname));
        expect(await read(name)).toEqual([cname]);
        await accept(remove(cname), create(a('10.0.4.12')));
        expect(await read(name)).toEqual([a('10.0.4.12')]);
      });

      test('a CNAME stands alone, in either order, and in one batch', async () => {
        const cname = set('CNAME', ['mx.corp.internal']);
        const conflict = expect.stringMatching(
          /^RRSet of type \S+ with DNS name gitlab\.corp\.internal\. is not permitted (?:as it|because a) conflict/,
        );
        expect(await refusal(create(a('10.0.4.12')), create(cname))).toEqual([conflict]);
        await accept(create(a('10.0.4.12')));
        expect(await refusal(create(cname))).toEqual([conflict]);
        expect(await refusal(create(cname), remove(a('10.0.4.12')))).toEqual([conflict]);
        await accept(remove(a('10.0.4.12')), create(cname));
        expect(await refusal(create(a('10.0.4.12')))).toEqual([conflict]);
      });

      test('a CNAME at the apex, and two targets of one, are refused', async () => {
        expect(await refusal(create(set('CNAME', ['mx.example.com'], { name: 'corp.internal' })))).toEqual([
          'RRSet of type CNAME with DNS name corp.internal. is not permitted at apex in zone corp.internal.',
        ]);
        expect(await refusal(create(set('CNAME', ['a.example.com', 'b.example.com'])))).toHaveLength(1);
      });

      test('names are folded to lower case; wildcards and odd characters come back as octal escapes', async () => {
        await accept(create(a('10.0.4.1', { name: 'MiXed.Corp.Internal' })), create(a('10.0.4.2', { name: '*.corp.internal' })));
        await accept(create(a('10.0.4.3', { name: 'a!b.corp.internal' })));
        expect((await read('mixed.corp.internal')).map((found) => found.name)).toEqual(['mixed.corp.internal']);
        expect((await read('*.corp.internal')).map((found) => found.name)).toEqual(['\\052.corp.internal']);
        expect((await read('\\052.corp.internal')).map((found) => found.values)).toEqual([['10.0.4.2']]);
        expect((await read('a\\041b.corp.internal')).map((found) => found.values)).toEqual([['10.0.4.3']]);
        expect((await refusal(create(a('10.0.4.9', { name: '\\052.corp.internal' })))).join()).toContain('already exists');
      });

      test('a name outside the zone is refused, also when only the letters end alike', async () => {
        for (const outside of ['gitlab.corp.external', 'gitlab.fooocorp.internal', 'internal']) {
          expect(await refusal(create(a('10.0.4.12', { name: outside })))).toEqual([
            `RRSet with DNS name ${outside}. is not permitted in zone corp.internal.`,
          ]);
        }
      });

      test('the SOA and the NS of the apex cannot be read away', async () => {
        expect((await read('corp.internal')).map(({ type, foreign }) => [type, foreign])).toEqual([
          ['NS', 'type'],
          ['SOA', 'type'],
        ]);
      });

      test.each([0, 1, 254, 255, 256, 509, 510, 511, 764, 765, 766])('a TXT of %i bytes goes there and back', async (length) => {
        const txt = set('TXT', [formatTxt('x'.repeat(length))]);
        await accept(create(txt));
        expect(await read(name)).toEqual([txt]);
        await accept(remove(txt));
      });

      test.each([
        ['quotes', '"say \\"hi\\""'],
        ['backslashes', '"C:\\\\temp"'],
        ['semicolons', '"v=spf1; -all"'],
        ['a trailing space', '"ends with "'],
        ['only a space', '" "'],
        ['octal escapes', '"\\303\\251"'],
        ['XML characters', '"<a href=&quot;x&quot;>&amp;\'"'],
      ])('a TXT with %s goes there and back', async (_, value) => {
        await accept(create(set('TXT', [value])));
        expect(await read(name)).toEqual([set('TXT', [value])]);
        await accept(remove(set('TXT', [value])));
      });

      test.each([
        ['unquoted', 'TXT', 'plain'],
        ['half quoted', 'TXT', '"plain'],
        ['over 255 bytes in one string', 'TXT', `"${'x'.repeat(256)}"`],
        ['outside ASCII', 'TXT', '"é"'],
        ['short IPv4', 'A', '10.0.4'],
        ['big octet', 'A', '10.0.4.256'],
        ['leading zero', 'A', '010.0.4.12'],
        ['an IPv6 address in an A', 'A', 'fd00::1'],
        ['an IPv4 address in an AAAA', 'AAAA', '10.0.4.12'],
        ['a zone id', 'AAAA', 'fe80::1%eth0'],
        ['an empty label', 'CNAME', 'a..b'],
      ])('%s is refused as a value', async (_, type, value) => {
        expect(await refusal(create(set(type, [value])))).toEqual([expect.stringMatching(/^Invalid Resource Record: 'FATAL problem: \w+ \(/)]);
      });

      test('the same value twice is refused', async () => {
        expect(await refusal(create(set('A', ['10.0.4.12', '10.0.4.12'])))).toEqual(["Duplicate Resource Record: '10.0.4.12'"]);
        expect(await refusal(create(set('AAAA', ['fd00::1', 'fd00:0::1'])))).toEqual(["Duplicate Resource Record: 'fd00:0::1'"]);
      });
    });

    describe('foreign record sets', () => {
      const simple = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
      const foreignSets: readonly (readonly [RecordSet['foreign'], LocalRecordSet])[] = [
        ['alias', { name, type: 'A', values: [], aliasTarget: { hostedZoneId: 'ZELB', dnsName: 'lb.example.com.', evaluateTargetHealth: false } }],
        ['weighted', { ...simple, setIdentifier: 'one', weight: 10 }],
        ['latency', { ...simple, setIdentifier: 'one', region: 'eu-central-1' }],
        ['failover', { ...simple, setIdentifier: 'one', failover: 'PRIMARY' }],
        ['geolocation', { ...simple, setIdentifier: 'one', geoLocationCountry: 'DE' }],
        ['multivalue', { ...simple, setIdentifier: 'one', multiValueAnswer: true }],
        ['health-check', { ...simple, healthCheckId: 'abc' }],
        ['traffic-policy', { ...simple, trafficPolicyInstanceId: 'abc' }],
        ['type', { name, type: 'MX', ttlSeconds: 60, values: ['10 mx.corp.internal'] }],
      ];

      test.each(foreignSets)('a set that is foreign by %s is named so', async (kind, foreign) => {
        harness.put([foreign]);
        expect((await read(name)).map((found) => found.foreign)).toEqual([kind]);
      });

      test.each(foreignSets.slice(0, 6))(
        'a simple set is not created beside, nor deleted in place of, one that is foreign by %s',
        async (_, foreign) => {
          harness.put([foreign]);
          expect(await refusal(create(a('10.0.4.12')))).toHaveLength(1);
          expect(await refusal(remove(a('10.0.4.12')))).toHaveLength(1);
          expect(await read(name)).toHaveLength(1);
        },
      );

      test('more sets at one name than a page holds are all read', async () => {
        harness.put(Array.from({ length: 45 }, (_, weight) => ({ ...simple, setIdentifier: `set-${weight}`, weight })));
        expect(await read(name)).toHaveLength(45);
      });
    });

    describe('reading', () => {
      test('a name without sets is empty, though others follow it', async () => {
        harness.put([{ name: `zzz.${name}`, type: 'A', ttlSeconds: 60, values: ['10.0.4.1'] }]);
        await accept(create(a('10.0.4.2', { name: 'gitlab-2.corp.internal' })));
        expect(await read(name)).toEqual([]);
      });

      test.each([601, 1_201])('among %i names every one is found, and only itself', async (count) => {
        harness.put(
          Array.from({ length: count }, (_, index) => ({
            name: `host-${index}.corp.internal`,
            type: 'A',
            ttlSeconds: 60,
            values: [`10.1.${index >> 8}.${index & 255}`],
          })),
        );
        const wanted = [0, 299, 300, count - 1].map((index) => `host-${index}.corp.internal`);
        expect((await read(...wanted, 'host-x.corp.internal')).map((found) => found.name)).toEqual(wanted);
      });

      test('a change that is still PENDING is visible', async () => {
        const changeInfoId = await accept(create(a('10.0.4.12')));
        expect(await harness.store.changeStatus(changeInfoId, signal)).toEqual({ ok: true, value: 'PENDING' });
        expect(await read(name)).toEqual([a('10.0.4.12')]);
      });

      test('a zone that is gone is no-such-zone, for every method', async () => {
        const expected = { kind: 'no-such-zone', message: expect.stringContaining('ZGONE') };
        expect(await harness.store.readNames('ZGONE', [name], signal)).toEqual({ ok: false, failure: expected });
        expect(await harness.store.inspectZone('ZGONE', signal)).toEqual({ ok: false, failure: expected });
        expect(await harness.store.submit('ZGONE', [create(a('10.0.4.12'))], 'contract', signal)).toEqual({ kind: 'failed', failure: expected });
      });
    });

    describe('zones', () => {
      test.each(['ZCORP', '/hostedzone/ZCORP'])('%s is inspected with its VPCs, and its rivals are found', async (id) => {
        const inspected = await harness.store.inspectZone(id, signal);
        expect(inspected).toEqual({
          ok: true,
          value: {
            zone: { id: 'ZCORP', name: 'corp.internal', isPrivate: true, vpcs: [vpc('vpc-1'), vpc('vpc-2')] },
            rivals: {
              ok: true,
              value: expect.toSatisfy(
                (rivals: readonly { id: string }[]) =>
                  rivals
                    .map((rival) => rival.id)
                    .toSorted()
                    .join() === 'ZBELOW,ZTWIN',
              ),
            },
          },
        });
      });

      test('a rival names the VPCs that it shares', async () => {
        const inspected = await harness.store.inspectZone(zoneId, signal);
        const rivals = inspected.ok && inspected.value.rivals.ok ? inspected.value.rivals.value : [];
        expect(rivals.find((rival) => rival.id === 'ZBELOW')).toEqual({
          id: 'ZBELOW',
          name: 'mail.corp.internal',
          isPrivate: true,
          vpcs: [vpc('vpc-2')],
        });
        expect(rivals.find((rival) => rival.id === 'ZTWIN')?.vpcs).toEqual([vpc('vpc-1'), vpc('vpc-2')]);
      });

      test('a public zone is known as public', async () => {
        const inspected = await harness.store.inspectZone('ZPUBLIC', signal);
        expect(inspected).toMatchObject({ ok: true, value: { zone: { isPrivate: false, vpcs: [] }, rivals: { ok: true, value: [] } } });
      });

      test('zone ids with the prefix work for reads and writes', async () => {
        const id = `/hostedzone/${zoneId}`;
        expect(await harness.store.submit(id, [create(a('10.0.4.12'))], 'contract', signal)).toMatchObject({ kind: 'accepted' });
        expect(await harness.store.readNames(id, [name], signal)).toEqual({ ok: true, value: [a('10.0.4.12')] });
      });
    });

    describe('change status', () => {
      test('goes from PENDING to INSYNC, and knows the prefix', async () => {
        const changeInfoId = await accept(create(a('10.0.4.12')));
        await harness.advance(contractInsyncDelayMs - 1);
        expect(await harness.store.changeStatus(changeInfoId, signal)).toEqual({ ok: true, value: 'PENDING' });
        await harness.advance(1);
        expect(await harness.store.changeStatus(`/change/${changeInfoId}`, signal)).toEqual({ ok: true, value: 'INSYNC' });
      });

      test('of an unknown change is denied, for asking again changes nothing', async () => {
        expect(await harness.store.changeStatus('CUNKNOWN', signal)).toEqual({
          ok: false,
          failure: { kind: 'denied', message: 'NoSuchChange: Could not find resource with ID: CUNKNOWN' },
        });
      });
    });

    describe('limits', () => {
      const hosts = (count: number, values: (index: number) => readonly string[], type = 'A') =>
        Array.from({ length: count }, (_, index) => create(set(type, values(index), { name: `host-${index}.corp.internal` })));

      test('1,000 values are accepted, 1,001 are not', async () => {
        const address = (index: number) => [`10.1.${index >> 8}.${index & 255}`];
        expect(await refusal(...hosts(1_001, address))).toEqual([expect.stringMatching(/1,?000/)]);
        await accept(...hosts(1_000, address));
      });

      test('32,000 characters of values are accepted, 32,001 are not', async () => {
        const of = (length: number) => [`"${'x'.repeat(length - 2)}"`];
        expect(await refusal(...hosts(128, (index) => of(index === 127 ? 251 : 250), 'TXT'))).toEqual([expect.stringMatching(/32,?000/)]);
        await accept(...hosts(128, () => of(250), 'TXT'));
      });
    });

    describe('races', () => {
      const wins = (results: readonly SubmitResult[]) => results.filter((result) => result.kind === 'accepted').length;

      test('of 20 batches that create one name at once, exactly one wins, with its marker', async () => {
        const batch = (index: number) => [create(a(`10.0.5.${index}`)), create({ ...marker, values: [`"change=${index}"`] })];
        const results = await Promise.all(Array.from({ length: 20 }, (_, index) => submit(...batch(index))));
        expect(wins(results)).toBe(1);
        const winner = results.findIndex((result) => result.kind === 'accepted');
        expect(await read(name, marker.name)).toEqual(batch(winner).map(({ recordSet }) => recordSet));
      });

      test('of 20 swaps of one set at once, exactly one wins', async () => {
        await accept(create(a('10.0.4.12')));
        const swaps = Array.from({ length: 20 }, (_, index) => submit(remove(a('10.0.4.12')), create(a(`10.0.5.${index}`))));
        expect(wins(await Promise.all(swaps))).toBe(1);
      });

      test('a record changed away and back is told by its marker', async () => {
        const markerOf = (change: number): RecordSet => ({ ...marker, values: [`"change=${change}"`] });
        const [one, two, three] = [markerOf(1), markerOf(2), markerOf(3)];
        await accept(create(a('10.0.4.12')), create(one));
        await accept(remove(a('10.0.4.12')), remove(one), create(a('10.0.4.13')), create(two));
        await accept(remove(a('10.0.4.13')), remove(two), create(a('10.0.4.12')), create(three));
        expect(await refusal(remove(a('10.0.4.12')), remove(one), create(a('10.0.4.14')), create(two))).not.toEqual([]);
        expect(await read(name, marker.name)).toEqual([a('10.0.4.12'), three]);
      });
    });
  });
};
