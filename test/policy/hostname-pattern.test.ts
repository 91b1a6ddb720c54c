import { describe, expect, test } from 'vitest';
import { fixedEnd, matchesHostname, patternMistake } from '../../lib/policy/hostname-pattern.ts';

describe('matchesHostname', () => {
  test.each([
    ['gitlab.corp.internal', 'gitlab.corp.internal', true],
    ['gitlab.corp.internal', 'x.gitlab.corp.internal', false],
    ['*.corp.internal', 'a.corp.internal', true],
    ['*.corp.internal', 'a.b.c.corp.internal', true],
    ['*.corp.internal', 'corp.internal', false],
    ['*.corp.internal', 'fooocorp.internal', false],
    ['*.corp.internal', 'a.corp.internal.evil.com', false],
    ['*', 'a.b', true],
    ['smtp.*.internal', 'smtp.a.b.internal', true],
    ['smtp.*.internal', 'smtp.internal', false],
    ['*.mail.*.internal', 'a.mail.b.internal', true],
    ['*.mail.*.internal', 'mail.mail.mail.internal', true],
    ['*.mail.*.internal', 'a.mail.internal', false],
    ['gitlab', 'GITLAB', false],
  ])('%s and %s: %s', (pattern, hostname, fits) => expect(matchesHostname(pattern, hostname)).toBe(fits));

  test('many stars over many labels do not take long', () => {
    const started = performance.now();
    expect(matchesHostname('*.a.*.a.*.b', `${'a.'.repeat(120)}c`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test.each([
  ['*.corp.internal', 'corp.internal'],
  ['a.corp.internal', 'a.corp.internal'],
  ['*.a.*.b.c', 'b.c'],
  ['*', undefined],
  ['a.*', undefined],
])('%s ends in %s', (pattern, end) => expect(fixedEnd(pattern)).toBe(end));

describe('patternMistake', () => {
  test.each(['*', '*.corp.internal', 'a-b.*.c1'])('%s is good', (pattern) => expect(patternMistake(pattern)).toBeUndefined());
  test.each(['', 'A.b', 'a..b', '*a.b', 'a*.b', '-a.b', 'a.b.', '*.*.*.*.b', 'a_b.c', '.*'])('%j is not', (pattern) =>
    expect(patternMistake(pattern)).toMatch(/^".*" /),
  );
});
