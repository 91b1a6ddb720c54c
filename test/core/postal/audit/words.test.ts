import { expect, it } from 'vitest';
import { agoText } from '../../../../lib/core/postal/audit/words.ts';

it.each([
  [-5_000, 'less than 1 min'],
  [59_999, 'less than 1 min'],
  [60_000, '1 min'],
  [59 * 60_000, '59 min'],
  [60 * 60_000, '1 h'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
])('%i ms ago is %s', (ageMs, expected) => {
  expect(agoText(0, ageMs)).toBe(expected);
});
