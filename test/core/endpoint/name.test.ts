import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareReversedLabels } from '../../../lib/core/dns/reversed-label-order.ts';
import { canonicalName, isAtOrBelow, parseName } from '../../../lib/core/endpoint/name.ts';

describe('parseName', () => {
  test.each([
    ['corp.internal', 'corp.internal'],
    ['GitLab.Corp.Internal.', 'gitlab.corp.internal'],
    ['*.corp.internal', '\\052.corp.internal'],
    ['\\052.corp.internal', '\\052.corp.internal'],
    ['_postal-endpoint.a', '_postal-endpoint.a'],
    ['\\101bc.internal', 'abc.internal'],
    ['a\\056b.internal', 'a\\056b.internal'],
    ['a b.internal', 'a\\040b.internal'],
    ['\\303\\251.internal', '\\303\\251.internal'],
  ])('%s is %s', (text, name) => {
    expect(parseName(text)).toMatchObject({ ok: true, name });
  });

  test.each([
    ['', 'empty'],
    ['.', 'empty'],
    ['a..b', 'empty-label'],
    ['.a', 'empty-label'],
    ['a\\052.b.', 'ok'],
    [`${'x'.repeat(63)}.internal`, 'ok'],
    [`${'x'.repeat(64)}.internal`, 'label-too-long'],
    [`${'\\052'.repeat(63)}.internal`, 'ok'],
    [Array(4).fill('x'.repeat(63)).join('.').slice(0, 253), 'ok'],
    [Array(4).fill('x'.repeat(63)).join('.').slice(0, 254), 'name-too-long'],
    ['x'.repeat(256).replace(/.{50}/g, '$&.'), 'name-too-long'],
    ['a\\b.internal', 'bad-escape'],
    ['a\\400.internal', 'bad-escape'],
    ['a\\05', 'bad-escape'],
    ['é.internal', 'not-ascii'],
    ['a\tb.internal', 'not-ascii'],
  ])('%s: %s', (text, expected) => {
    const parsed = parseName(text);
    expect(parsed.ok ? 'ok' : parsed.reason).toBe(expected);
  });

  test('what it made, it reads as the same', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseName(text);
        return !parsed.ok || canonicalName(parsed.name) === parsed.name;
      }),
    );
  });

  test('canonicalName leaves text that is not a domain name as it is', () => {
    expect(canonicalName('a..B')).toBe('a..B');
    expect(canonicalName('*.Corp.Internal.')).toBe('\\052.corp.internal');
  });
});

test.each([
  ['corp.internal', true],
  ['a.corp.internal', true],
  ['fooocorp.internal', false],
  ['internal', false],
])('%s is at or below corp.internal: %s', (name, expected) => {
  expect(isAtOrBelow(name, 'corp.internal')).toBe(expected);
});

test('names sort by reversed labels, a hyphen before the dot', () => {
  const sorted = [
    'internal',
    'corp.internal',
    '\\052.corp.internal',
    'a-b.corp.internal',
    'a.corp.internal',
    '_m.a.corp.internal',
    'x.a.corp.internal',
    'b.corp.internal',
  ];
  expect(sorted.toReversed().toSorted(compareReversedLabels)).toEqual(sorted);
  expect(compareReversedLabels('a.corp.internal', 'a.corp.internal')).toBe(0);
});
