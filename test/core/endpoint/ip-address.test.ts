import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classOf, embeddedIpv4, parseIpAddress } from '../../../lib/core/endpoint/ip-address.ts';

describe('parseIpAddress', () => {
  // Texts of RFC 5952, sections 2 and 4.
  test.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['64:ff9b::10.0.4.12', '64:ff9b::a00:40c'],
  ])('%s is %s', (text, canonical) => expect(parseIpAddress(text)).toEqual({ family: 6, text: canonical }));

  test.each([
    '',
    '10.0.4',
    '10.0.4.256',
    '010.0.4.12',
    '0x0a.0.0.1',
    '167773196',
    '10.0.4.12 ',
    '10.0.4.12/32',
    '٠.0.0.1',
  ])('%j is none', (text) => expect(parseIpAddress(text)).toBeUndefined());

  test.each([
    'fe80::1%eth0',
    '[fd00::1]',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'fd00::12345',
    '::ffff:010.0.0.1',
    'fd00::1/64',
  ])('%j is none', (text) => expect(parseIpAddress(text)).toBeUndefined());

  test('every way to write an IPv6 address gives the same text', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: 0, max: 7 }), (values, at) => {
        const full = values.map((value) => value.toString(16).padStart(4, '0')).join(':');
        const short = values.map((value) => value.toString(16).toUpperCase());
        const shortened = values[at] === 0 ? [...short.slice(0, at), '', ...short.slice(at + 1)] : undefined;
        const canonical = parseIpAddress(full)?.text;
        expect(parseIpAddress(short.join(':'))?.text).toBe(canonical);
        expect(parseIpAddress(canonical ?? '')?.text).toBe(canonical);
        if (shortened !== undefined && at > 0 && at < 7)
          expect(parseIpAddress(shortened.join(':'))?.text).toBe(canonical);
      }),
    );
  });

  test('IPv4 is its own canonical text', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseIpAddress(text)).toEqual({ family: 4, text });
      }),
    );
  });
});

describe('classOf', () => {
  test.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['100::1', 'reserved'],
    ['100:0:0:1::1', 'public'],
    ['10.0.4.12', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.128.0.1', 'public'],
    ['8.8.8.8', 'public'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1', 'link-local'],
    ['ff02::1', 'multicast'],
    ['fd00:ec2::254', 'instance-service'],
    ['fd00:ec3::254', 'private'],
    ['2a00::1', 'public'],
    ['::ffff:127.0.0.1', 'ipv4-embedded'],
    ['::127.0.0.1', 'ipv4-embedded'],
  ])('%s is %s', (text, kind) => {
    const address = parseIpAddress(text);
    expect(address && classOf(address)).toBe(kind);
  });

  test('an embedded IPv4 address is told', () => {
    const embedded = (text: string): string | undefined => {
      const address = parseIpAddress(text);
      return address && embeddedIpv4(address);
    };
    fc.assert(
      fc.property(fc.ipV4(), (ipv4) => {
        expect(embedded(`::ffff:${ipv4}`)).toBe(ipv4);
      }),
    );
    expect(embedded('::10.0.4.12')).toBe('10.0.4.12');
    for (const text of ['64:ff9b::10.0.4.12', '2002:a00:40c::1', 'fd00::5efe:10.0.4.12', '2001::f5ff:fbf3'])
      expect(embedded(text), text).toBe('10.0.4.12');
    expect(embedded('fd00::10.0.4.12')).toBeUndefined();
    expect(embedded('10.0.4.12')).toBeUndefined();
  });
});
