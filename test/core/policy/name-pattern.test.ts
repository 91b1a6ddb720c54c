import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileNamePattern } from '../../../lib/core/policy/name-pattern.ts';

const matches = (pattern: string, name: string): boolean => {
  const compiled = compileNamePattern(pattern);
  if ('wrong' in compiled) throw new Error(compiled.wrong);
  return compiled.matches(name);
};

const character = fc.constantFrom('a', 'b', '-', '1', '\\.', '.', '[a-b]', '[^a]', '[ab1-]', '\\d', '\\w', '^', '$');
const { pattern } = fc.letrec<{ pattern: string; sequence: string; repeated: string }>((tie) => ({
  pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((choices) => choices.join('|')),
  sequence: fc.array(tie('repeated'), { maxLength: 3 }).map((parts) => parts.join('')),
  repeated: fc
    .tuple(
      fc.oneof(
        { maxDepth: 2, depthSize: 'small' },
        character,
        tie('pattern').map((inner) => `(${inner})`),
        tie('pattern').map((inner) => `(?:${inner})`),
      ),
      fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '+?'),
    )
    .map(([part, times]) => (part === '^' || part === '$' ? part : `${part}${times}`)),
}));

describe('compileNamePattern', () => {
  it('matches what a regular expression on the whole name matches', () => {
    fc.assert(
      fc.property(pattern, fc.array(fc.constantFrom('a', 'b', '-', '1', '.'), { maxLength: 6 }), (text, letters) => {
        fc.pre(text.length <= 200);
        const name = letters.join('');
        expect(matches(text, name)).toBe(new RegExp(`^(?:${text})$`, 'u').test(name));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['([a-z]+-?)+\\.corp\\.internal'],
    ['(a*)*b'],
    ['(a|aa)+$'],
    ['(.*a){20}'],
    ['((((a+)+)+)+)+b'],
    ['(a?){250}a{250}'],
    ['([a-z0-9]+)*([a-z0-9]+)*([a-z0-9]+)*([a-z0-9]+)*!'],
  ])('takes no longer for %s, on the longest name', (text) => {
    const begin = performance.now();
    matches(text, `${'a'.repeat(252)}_`);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it.each([
    ['(?=a)b', 'look-around'],
    ['(?<name>a)', 'only "(?:"'],
    ['(a)\\1', '"\\1" is not known'],
    ['\\bword', '"\\b" is not known'],
    ['(a', 'without its ")"'],
    ['a)', 'without its "("'],
    ['[a', 'ends too early'],
    ['[z-a]', 'has to go up'],
    ['*a', 'has nothing before it'],
    ['a{2', 'has to be written as'],
    ['a{3,1}', 'wrong order'],
    ['^*', 'cannot be repeated'],
    ['(a{999}){999}', 'repeats too much'],
    ['('.repeat(501), 'longer than 500'],
    ['a\\', 'is not known'],
  ])('says what is wrong with %j', (text, part) => {
    expect(compileNamePattern(text)).toEqual({ wrong: expect.stringContaining(part) });
  });
});
