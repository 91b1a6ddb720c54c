import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitted, wrapped } from '../../lib/shell/terminal.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 30 });

it('wraps at 80 columns without losing a word', () => {
  void fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const lines = wrapped(words.join(' '), '  ! ', '    ');
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
      expect(lines.map((line) => line.slice(4)).join(' ')).toBe(words.join(' '));
    }),
  );
});

it('keeps a word whole that is longer than a line', () => {
  expect(wrapped(`see ${'x'.repeat(100)} there`)).toEqual(['see', `  ${'x'.repeat(100)}`, '  there']);
});

it('fits text into columns, with an ellipsis where it is cut', () => {
  expect([fitted('abc', 5), fitted('abcdef', 5), fitted('äöüßé', 5)]).toEqual(['abc  ', 'abcd…', 'äöüßé']);
});
