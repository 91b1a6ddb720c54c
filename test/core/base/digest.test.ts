import { expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../../lib/core/base/digest.ts';

test('writes the example of RFC 8785, section 3.2.2, as section 3.2.3 gives it', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('digests the JSON, whatever the order of the members and with those that are undefined left out', () => {
  expect(digestOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  expect(digestOf({ a: 1, b: undefined, c: 'é' })).toBe(digestOf({ c: 'é', a: 1 }));
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
});

test.each([
  ['undefined', undefined],
  ['a function', () => 0],
  ['NaN', { value: Number.NaN }],
  ['a lone surrogate', { value: '\ud800' }],
])('refuses %s, which RFC 8785 has no JSON for', (_, value) => {
  expect(() => digestOf(value)).toThrow(Error);
});
