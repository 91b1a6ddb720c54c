import fc from 'fast-check';
import { sslModes } from '../../lib/core/endpoint/definition.ts';
import type { RegistryRow } from '../../lib/core/endpoint/registry-row.ts';
import { checkText } from '../../lib/core/validation/text-rules.ts';

/** Texts that a spreadsheet would run, that end a cell, a line or a comment, or that look like something else. */
const tricky = [
  '=HYPERLINK("https://example.com";"x")',
  "=cmd|'/C calc'!A0",
  '+1',
  '-1+1',
  '@SUM(A1)',
  ' =1',
  'NULL',
  "'quoted'",
  "'=1",
  '"quoted"',
  '"\'=1"',
  'a"b',
  'a,b;c|d',
  '“x”',
  '«x»',
  '„x“',
  '; IN A 10.0.0.9',
  '$ORIGIN other.',
  '( never closed',
  '{"hostname":"x"}',
  '# no comment',
  'back\\slash',
  '<b>&amp;',
  'Büro Süd 😀 日本語 عربي e\u0301',
  '0123',
  'true',
  '1e9',
  '10.0.4.12',
];
const someText = fc.oneof(
  fc.constantFrom(...tricky),
  fc.string({ unit: fc.constantFrom(...'\'"“”«»=+-@,;:|#\\ aÄ😀$()'), minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);

/** A text that may be registered. */
const registrable = (argument: 'name' | 'owner' | 'note'): fc.Arbitrary<string | null> =>
  fc.option(someText.filter((text) => checkText(text, argument).text === text));

/** Addresses in one of two networks: a standby is somewhere else than the target. */
const addressesIn = (network: 4 | 5): fc.Arbitrary<string[]> => {
  const ipv4 = fc.integer({ min: 1, max: 250 }).map((last) => `10.0.${network}.${last}`);
  const ipv6 = fc.integer({ min: 1, max: 0xfff0 }).map((last) => `fd00:${network}::${last.toString(16)}`);
  return fc.oneof(
    fc.uniqueArray(ipv4, { minLength: 1, maxLength: 3 }),
    fc.uniqueArray(ipv6, { minLength: 1, maxLength: 2 }),
    fc.tuple(ipv4, ipv6).map((both) => [...both]),
  );
};

/** Registered endpoints with every field, in names of one zone, each once. */
export const hostileRows = (minLength: number, maxLength: number): fc.Arbitrary<readonly RegistryRow[]> =>
  fc.uniqueArray(
    fc.record({
      hostname: fc.nat(400).map((number) => `h${number}.mail.corp.internal`),
      targets: addressesIn(4),
      standby: fc.oneof(fc.constant<string[]>([]), addressesIn(5)),
      port: fc.constantFrom(25, 465, 2525),
      sslMode: fc.constantFrom(...sslModes),
      ttl: fc.integer({ min: 30, max: 300 }),
      name: registrable('name'),
      owner: fc.oneof(registrable('owner'), fc.constantFrom('U0MARIA', 'S0MAIL', 'C0ONCALL')),
      note: registrable('note'),
    }),
    { selector: ({ hostname }) => hostname, minLength, maxLength, size: 'max' },
  );
