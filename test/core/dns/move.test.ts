import { describe, expect, it } from 'vitest';
import {
  appearingTypes,
  effectiveWithinSeconds,
  isMove,
  negativeTtlOf,
  vanishingTypes,
} from '../../../lib/core/dns/move.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';

const parsed = parseHostname('mail.corp.internal');
if (!('hostname' in parsed)) throw new Error('no hostname');
const { hostname } = parsed;
const set = (type: string, ttlSeconds: number, ...values: readonly string[]): RecordSet => ({
  name: hostname,
  type,
  ttlSeconds,
  values,
});
const marker = (text: string): RecordSet => ({
  name: `_postal-endpoint.${hostname}`,
  type: 'TXT',
  ttlSeconds: 7_200,
  values: [text],
});
const [v4, otherV4, v6, cname] = [
  set('A', 60, '10.0.4.12'),
  set('A', 60, '10.0.5.12'),
  set('AAAA', 60, 'fd00::1'),
  set('CNAME', 60, 'spare.corp.internal'),
];

describe('a move', () => {
  it.each<[string, readonly RecordSet[], readonly RecordSet[], boolean]>([
    ['another address', [v4], [otherV4], true],
    ['a name in place of an address', [v4], [cname], true],
    ['a family more', [v4], [v4, v6], true],
    ['another marker alone', [v4, marker('"a"')], [v4, marker('"b"')], false],
    ['another TTL alone', [v4], [set('A', 300, '10.0.4.12')], false],
    [
      'the same addresses in another order',
      [set('A', 60, '10.0.4.1', '10.0.4.2')],
      [set('A', 60, '10.0.4.2', '10.0.4.1')],
      false,
    ],
    ['an addition', [], [v4], false],
    ['a removal', [v4], [], false],
  ])('%s: %j → %j is %s', (_, before, after, is) => expect(isMove({ hostname, before, after })).toBe(is));

  it.each<[readonly RecordSet[], readonly RecordSet[], readonly string[], readonly string[], number]>([
    [[v4], [otherV4], [], [], 60],
    [[set('A', 3600, '10.0.4.12')], [otherV4], [], [], 3600],
    [[v4], [otherV4, v6], ['AAAA'], [], 900],
    [[set('A', 3600, '10.0.4.12')], [otherV4, v6], ['AAAA'], [], 3600],
    [[v4, v6], [otherV4], [], ['AAAA'], 60],
    [[v4], [cname], ['AAAA'], [], 900],
    [[cname], [v4], [], ['AAAA'], 60],
    [[v4, marker('"a"')], [otherV4, marker('"b"')], [], [], 60],
  ])('%j → %j: %j appear, %j vanish, effective within %i s', (before, after, appear, vanish, seconds) => {
    const sides = { hostname, before, after };
    expect(appearingTypes(sides)).toEqual(appear);
    expect(vanishingTypes(sides)).toEqual(vanish);
    expect(effectiveWithinSeconds(sides, 900)).toBe(seconds);
  });
});

describe('the negative TTL', () => {
  const soa = (ttlSeconds: number, value: string): RecordSet => ({
    name: 'corp.internal',
    type: 'SOA',
    ttlSeconds,
    values: [value],
  });
  it.each<[RecordSet | undefined, number | undefined]>([
    [soa(900, 'ns.example. hostmaster.example. 1 7200 900 1209600 86400'), 900],
    [soa(900, 'ns.example. hostmaster.example. 1 7200 900 1209600 300'), 300],
    [soa(900, 'ns.example. hostmaster.example. 1 7200 900 1209600'), undefined],
    [soa(900, 'ns.example. hostmaster.example. 1 7200 900 1209600 soon'), undefined],
    [undefined, undefined],
  ])('of %j is %s', (record, seconds) => expect(negativeTtlOf(record)).toBe(seconds));
});
