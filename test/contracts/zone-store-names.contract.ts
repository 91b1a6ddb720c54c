import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { formatTxt } from '../../lib/core/dns/txt-value.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import { a, type ContractSteps, create, name, remove, set } from './zone-store-fixture.ts';

/** Names, types, values, and record sets that are not ours. */
export const namesContract = ({ harness, accept, refusal, read }: ContractSteps): void => {
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
      await accept(
        create(a('10.0.4.1', { name: 'MiXed.Corp.Internal' })),
        create(a('10.0.4.2', { name: '*.corp.internal' })),
      );
      await accept(create(a('10.0.4.3', { name: 'a!b.corp.internal' })));
      expect((await read('mixed.corp.internal')).map((found) => found.name)).toEqual(['mixed.corp.internal']);
      expect((await read('*.corp.internal')).map((found) => found.name)).toEqual(['\\052.corp.internal']);
      expect((await read('\\052.corp.internal')).map((found) => found.values)).toEqual([['10.0.4.2']]);
      expect((await read('a\\041b.corp.internal')).map((found) => found.values)).toEqual([['10.0.4.3']]);
      expect((await refusal(create(a('10.0.4.9', { name: '\\052.corp.internal' })))).join()).toContain(
        'already exists',
      );
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

    test.each([0, 1, 254, 255, 256, 509, 510, 511, 764, 765, 766])(
      'a TXT of %i bytes goes there and back',
      async (length) => {
        const txt = set('TXT', [formatTxt('x'.repeat(length))]);
        await accept(create(txt));
        expect(await read(name)).toEqual([txt]);
        await accept(remove(txt));
      },
    );

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
      expect(await refusal(create(set(type, [value])))).toEqual([
        expect.stringMatching(/^Invalid Resource Record: 'FATAL problem: \w+ \(/),
      ]);
    });

    test('the same value twice is refused', async () => {
      expect(await refusal(create(set('A', ['10.0.4.12', '10.0.4.12'])))).toEqual([
        "Duplicate Resource Record: '10.0.4.12'",
      ]);
      expect(await refusal(create(set('AAAA', ['fd00::1', 'fd00:0::1'])))).toEqual([
        "Duplicate Resource Record: 'fd00:0::1'",
      ]);
    });
  });

  describe('foreign record sets', () => {
    const simple = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
    const foreignSets: readonly (readonly [RecordSet['foreign'], LocalRecordSet])[] = [
      [
        'alias',
        {
          name,
          type: 'A',
          values: [],
          aliasTarget: { hostedZoneId: 'ZELB', dnsName: 'lb.example.com.', evaluateTargetHealth: false },
        },
      ],
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
      harness().put([foreign]);
      expect((await read(name)).map((found) => found.foreign)).toEqual([kind]);
    });

    test.each(foreignSets.slice(0, 6))(
      'a simple set is not created beside, nor deleted in place of, one that is foreign by %s',
      async (_, foreign) => {
        harness().put([foreign]);
        expect(await refusal(create(a('10.0.4.12')))).toHaveLength(1);
        expect(await refusal(remove(a('10.0.4.12')))).toHaveLength(1);
        expect(await read(name)).toHaveLength(1);
      },
    );

    test('more sets at one name than a page holds are all read', async () => {
      harness().put(Array.from({ length: 45 }, (_, weight) => ({ ...simple, setIdentifier: `set-${weight}`, weight })));
      expect(await read(name)).toHaveLength(45);
    });
  });
};
