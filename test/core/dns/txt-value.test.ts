import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTxt, parseTxt } from '../../../lib/core/dns/txt-value.ts';

const content = (value: string): Buffer | string => {
  const parsed = parseTxt(value);
  return parsed.ok ? Buffer.concat(parsed.strings) : parsed.reason;
};

describe('formatTxt', () => {
  test.each([
    ['', '""'],
    ['plain; text ', '"plain; text "'],
    ['say "hi"', '"say \\"hi\\""'],
    ['C:\\', '"C:\\\\"'],
    ['é', '"\\303\\251"'],
    ['a\nb\0', '"a\\012b\\000"'],
  ])('%j is %s', (text, value) => {
    expect(formatTxt(text)).toBe(value);
  });

  test.each([
    [255, 1],
    [256, 2],
    [510, 2],
    [511, 3],
    [765, 3],
    [766, 4],
  ])('%i octets take %i character-strings', (octets, strings) => {
    const parsed = parseTxt(formatTxt('x'.repeat(octets)));
    expect(parsed.ok && parsed.strings.length).toBe(strings);
  });

  test('any octets come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 800 }), (octets) => {
        expect(content(formatTxt(octets))).toEqual(Buffer.from(octets));
      }),
    );
  });
});

describe('parseTxt', () => {
  test.each([
    ['"a" "b"', Buffer.from('ab')],
    ['"a"\t "b"', Buffer.from('ab')],
    ['plain', 'unquoted'],
    ['', 'unquoted'],
    ['"open', 'unquoted'],
    ['"open\\"', 'unquoted'],
    ['"a""b"', 'unquoted'],
    ['"a" ', 'unquoted'],
    ['"a" b', 'unquoted'],
    ['"\\a"', 'bad-escape'],
    ['"\\4"', 'bad-escape'],
    ['"\\400"', 'bad-escape'],
    ['"é"', 'not-ascii'],
    [`"${'x'.repeat(256)}"`, 'string-too-long'],
  ])('%j', (value, expected) => {
    expect(content(value)).toEqual(expected);
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (value) => typeof parseTxt(value).ok === 'boolean'));
  });
});
