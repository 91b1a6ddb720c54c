import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coversPattern,
  fixedEnd,
  matchesHostname,
  patternMistake,
  patternsOverlap,
} from '../../../lib/core/policy/hostname-pattern.ts';

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
  test.each(['*', '*.corp.internal', 'a-b.*.c1'])('%s is good', (pattern) =>
    expect(patternMistake(pattern)).toBeUndefined(),
  );
  test.each(['', 'A.b', 'a..b', '*a.b', 'a*.b', '-a.b', 'a.b.', '*.*.*.*.b', 'a_b.c', '.*'])('%j is not', (pattern) =>
    expect(patternMistake(pattern)).toMatch(/^".*" /),
  );
});

describe('patterns beside each other', () => {
  test.each([
    ['*.corp.internal', '*.prod.corp.internal', true, true],
    ['*.prod.corp.internal', '*.corp.internal', false, true],
    ['*.corp.internal', 'corp.internal', false, false],
    ['*', 'a.*.b', true, true],
    ['a.*.b', 'a.x.*.b', true, true],
    ['a.x.*.b', 'a.*.b', false, true],
    ['a.*', '*.b', false, true],
    ['a.*.c', 'a.c', false, false],
    ['*.*.c', '*.c', false, true],
    ['x.c', 'y.c', false, false],
    ['x.c', 'x.c', true, true],
  ])('%s and %s: covers %s, overlaps %s', (one, other, covers, overlap) => {
    expect(coversPattern(one, other)).toBe(covers);
    expect(patternsOverlap(one, other)).toBe(overlap);
    expect(patternsOverlap(other, one)).toBe(overlap);
  });

  const labels = (...from: readonly string[]) =>
    fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 4 }).map((all) => all.join('.'));
  // Every name of up to seven of three labels: patterns of four labels, of two, that differ or meet do so in one of them.
  const names = [1, 2, 3, 4, 5, 6, 7].flatMap((length) =>
    Array.from({ length: 3 ** length }, (_, at) =>
      [...at.toString(3).padStart(length, '0')].map((digit) => 'abz'[Number(digit)]).join('.'),
    ),
  );

  test('agree with the names that they fit', () => {
    return fc.assert(
      fc.property(labels('a', 'b', '*'), labels('a', 'b', '*'), (one, other) => {
        const fitted = names.filter((name) => matchesHostname(other, name));
        expect(coversPattern(one, other)).toBe(fitted.every((name) => matchesHostname(one, name)));
        expect(patternsOverlap(one, other)).toBe(fitted.some((name) => matchesHostname(one, name)));
      }),
      { numRuns: 300 },
    );
  });
});
