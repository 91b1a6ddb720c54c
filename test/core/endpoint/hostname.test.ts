import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseName, parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { zoneOf } from '../../../lib/core/endpoint/zone-of.ts';
import { checkHostname } from '../../../lib/core/validation/check-hostname.ts';
import { examplePolicy } from '../validation/example-policy.ts';

describe('normaliseName', () => {
  test.each([
    ['GitLab.Corp.Internal.', 'gitlab.corp.internal'],
    ['a..', 'a.'],
    ['.', ''],
    // A Kelvin sign is not a K, and a dotted capital I is not an i.
    ['\u212Aube', '\u212Aube'],
    ['\u0130', '\u0130'],
  ])('%j becomes %j', (text, name) => expect(normaliseName(text)).toBe(name));
});

describe('parseHostname', () => {
  test('gives a hostname, normalised', () =>
    expect(parseHostname('GitLab.Corp.Internal.')).toEqual({ hostname: 'gitlab.corp.internal' }));

  test('gives every finding', () => {
    const parsed = parseHostname(`-x..*.${'a'.repeat(64)}.b_c`);
    expect('findings' in parsed && parsed.findings.map(({ id, wrong }) => `${id}: ${wrong.slice(-40)}`)).toHaveLength(
      5,
    );
  });

  test('holds 253 octets and no more', () => {
    const name = `${'a.'.repeat(126)}b`;
    expect(name).toHaveLength(253);
    expect(parseHostname(`${name}.`)).toEqual({ hostname: name });
    expect(parseHostname(`b${name}`)).toMatchObject({ findings: [{ id: 'name-length' }] });
  });

  test('what it accepts, Postal can save and RFC 1123 allows', () => {
    const label = fc.string({ unit: fc.constantFrom(...'abz019-_A.'), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(label, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseHostname(text);
        if ('findings' in parsed) expect(parsed.findings).not.toEqual([]);
        else expect(parsed.hostname).toMatch(/^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('checkHostname', () => {
  test('is what a check of a name that is not registered goes by', () => {
    expect(checkHostname('gitlab.corp.internal', examplePolicy())).toEqual({
      hostname: 'gitlab.corp.internal',
      findings: [],
      suggestion: undefined,
    });
    expect(checkHostname('smtp.example.com', examplePolicy())).toMatchObject({
      hostname: undefined,
      findings: [{ id: 'outside-zones' }],
    });
  });

  test('says no more of a malformed name than helps', () => {
    const ids = (text: string) => checkHostname(text, examplePolicy()).findings.map(({ id }) => id);
    expect(ids('gitlab.corp.internal:25')).toEqual(['hostname-syntax']);
    expect(ids('git_lab.evil.com')).toEqual(['hostname-syntax', 'outside-zones']);
    expect(ids('10.0.4.12')).toEqual(['hostname-is-ip']);
    expect(ids('')).toEqual(['hostname-syntax']);
  });
});

describe('zoneOf', () => {
  const zones = [{ name: 'internal' }, { name: 'corp.internal' }, { name: 'example.com' }];

  test.each([
    ['a.corp.internal', 'corp.internal'],
    ['corp.internal', 'corp.internal'],
    ['fooocorp.internal', 'internal'],
    ['a.example.com', 'example.com'],
    ['a.example.com.evil.org', undefined],
    ['example.com.', undefined],
  ])('%s lies in %s', (name, zone) => expect(zoneOf(name, zones)?.name).toBe(zone));
});
