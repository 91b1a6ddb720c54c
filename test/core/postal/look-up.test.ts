import { describe, expect, it } from 'vitest';
import { encodeHostname } from '../../../lib/core/endpoint/dns-name.ts';
import { addressesIn, candidatesOf, postalAddress } from '../../../lib/core/postal/look-up.ts';

describe('the names that Postal asks for', () => {
  it.each<[string, string | undefined, readonly string[]]>([
    ['gitlab.corp', undefined, ['gitlab.corp']],
    ['gitlab.corp', 'postal1', ['gitlab.corp']],
    ['gitlab.corp', 'postal1.', ['gitlab.corp']],
    ['gitlab.corp', 'postal.example.com', ['gitlab.corp', 'gitlab.corp.example.com']],
    ['gitlab.corp.', 'postal.example.com', ['gitlab.corp']],
    ['.gitlab..corp', 'postal.example.com', ['gitlab.corp', 'gitlab.corp.example.com']],
    ['gitlab', 'postal.example.com', ['gitlab.example.com', 'gitlab']],
    ['10.0.4.12', 'postal.example.com', ['10.0.4.12', '10.0.4.12.example.com']],
    ['', 'postal.example.com', ['example.com', '']],
    ['.', 'postal.example.com', ['']],
    ['bücher.corp.', 'postal.example.com', ['xn--bcher-kva.corp', 'xn--bcher-kva.corp.example.com']],
  ])('%j on %j: %j', (hostname, osHostname, names) => {
    expect(candidatesOf(hostname, osHostname)).toEqual(names);
  });

  it.each([
    ['bücher.corp', 'xn--bcher-kva.corp'],
    ['BÜCHER.corp', 'xn--BCHER-2pa.corp'],
    ['почта.corp', 'xn--80a1acny.corp'],
    ['日本語.jp', 'xn--wgv71a119e.jp'],
    ['💩.la', 'xn--ls8h.la'],
    ['plain.corp.', 'plain.corp.'],
  ])('%s is %s in ASCII', (hostname, ascii) => {
    expect(encodeHostname(hostname)).toBe(ascii);
  });
});

describe('the addresses that Postal finds', () => {
  const cname = (name: string, data: string) => ({ name, type: 'CNAME', data });
  const a = (name: string, data: string) => ({ name, type: 'A', data });

  it('follows the CNAMEs of an answer, in any case', () => {
    expect(
      addressesIn([cname('h.test', 'C.Test'), a('c.test', '10.0.0.1'), a('other.test', '10.0.0.2')], 'H.test', 'A'),
    ).toEqual(['10.0.0.1']);
  });

  it('finds addresses that stand before their CNAME', () => {
    expect(addressesIn([a('c.test', '10.0.0.1'), cname('h.test', 'c.test')], 'h.test', 'A')).toEqual(['10.0.0.1']);
  });

  it('loses its way in CNAMEs that stand the wrong way round', () => {
    expect(
      addressesIn([cname('c.test', 'd.test'), cname('h.test', 'c.test'), a('d.test', '10.0.0.1')], 'h.test', 'A'),
    ).toEqual([]);
  });

  it('keeps an address that is there twice', () => {
    expect(addressesIn([a('h.test', '10.0.0.1'), a('h.test', '10.0.0.1')], 'h.test', 'A')).toEqual([
      '10.0.0.1',
      '10.0.0.1',
    ]);
  });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['::', '::'],
    ['fd00::2', 'fd00::2'],
    ['::ffff:7f4d:1', '::ffff:7f4d:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8::1:1:1:1:1'],
    ['1:0:0:2::3', '1::2:0:0:0:3'],
  ])('writes %s as %s', (canonical, written) => {
    expect(postalAddress(canonical)).toBe(written);
  });
});
