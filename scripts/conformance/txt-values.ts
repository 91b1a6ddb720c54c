import { formatTxt } from '../../lib/core/dns/txt-value.ts';
import type { Check } from './check.ts';
import { create, set } from './record-sets.ts';

const lengths = [0, 254, 255, 256, 509, 510, 511, 764, 765, 766];

const contents: readonly (readonly [what: string, value: string])[] = [
  ['quotes', '"say \\"hi\\""'],
  ['backslashes', '"C:\\\\temp"'],
  ['semicolons', '"v=spf1; -all"'],
  ['a trailing space', '"ends with "'],
];

const wrong: readonly (readonly [what: string, value: string])[] = [
  ['unquoted', 'plain'],
  ['half quoted', '"plain'],
  ['of 256 bytes in one string', `"${'x'.repeat(256)}"`],
];

/** TXT values that must come back as they were sent, and those that must be refused. */
export const txtValues: readonly Check[] = [
  ...lengths.map(
    (length): Check => ({
      title: `a TXT of ${length} bytes goes there and back`,
      run: ({ name, reach }) => reach(set(name, 'TXT', [formatTxt('x'.repeat(length))])).then(() => undefined),
    }),
  ),
  ...contents.map(
    ([what, value]): Check => ({
      title: `a TXT with ${what} goes there and back`,
      run: ({ name, reach }) => reach(set(name, 'TXT', [value])).then(() => undefined),
    }),
  ),
  ...wrong.map(
    ([what, value]): Check => ({
      title: `a TXT that is ${what} is refused`,
      run: ({ name, refuses }) => refuses([create(set(name, 'TXT', [value]))]),
    }),
  ),
];
