import { describe, expect, it } from 'vitest';
import { compareRecorded } from '../../../../lib/core/postal/predictions/compare-delivery.ts';
import { type Predicted, predictedValues } from '../../../../lib/core/postal/predictions/predicted.ts';
import type { Recorded, RecordedValue } from '../../../../lib/core/postal/predictions/recorded.ts';

const endpoint = { hostname: 'gitlab.mail.corp.internal', port: 25, sslMode: 'Auto' };

const compared = (
  predicted: Predicted,
  recorded: Partial<Recorded> & { readonly value: RecordedValue },
  entered: typeof endpoint = endpoint,
): string => {
  const span = { predicted, port: 25, sslMode: 'Auto', fromMs: 0 } as const;
  const comparison = compareRecorded({ hostnames: [], ports: [], ...recorded }, entered, span);
  return comparison.kind === 'not comparable' ? comparison.reason : comparison.kind;
};

/** What comes of each pair, in the order of the predictions. */
const table: Readonly<Record<RecordedValue, readonly string[]>> = {
  encrypted: ['agreed', 'differs', 'differs', 'differs', 'differs', 'differs', 'unknown'],
  plaintext: ['differs', 'agreed', 'differs', 'differs', 'differs', 'differs', 'unknown'],
  'no-address': ['differs', 'differs', 'agreed', 'differs', 'differs', 'differs', 'unknown'],
  'not-in': ['differs', 'differs', 'differs', 'agreed', 'differs', 'differs', 'unknown'],
  'put-off': ['put-off', 'put-off', 'differs', 'agreed', 'put-off', 'differs', 'unknown'],
  later: ['later', 'later', 'differs', 'differs', 'agreed', 'differs', 'unknown'],
  'internal-error': [...Array<string>(5).fill('internal-error'), 'agreed', 'unknown'],
  'not-tried': Array<string>(7).fill('not-tried'),
  unreadable: Array<string>(7).fill('unreadable'),
};

const recordedValues: readonly RecordedValue[] = [
  'encrypted',
  'plaintext',
  'no-address',
  'not-in',
  'put-off',
  'later',
  'internal-error',
  'not-tried',
  'unreadable',
];

describe('compares a delivery with the prediction', () => {
  it.each(recordedValues)('Postal recorded %s', (value) => {
    expect(predictedValues.map((predicted) => compared(predicted, { value }))).toEqual(table[value]);
  });

  it.each([
    ['another hostname', { hostnames: ['old.mail.corp.internal'] }, endpoint, 'other-hostname'],
    ['the same hostname', { hostnames: ['gitlab.mail.corp.internal'] }, endpoint, 'agreed'],
    ['another port', { ports: [2525] }, endpoint, 'entered-otherwise'],
    ['the same port', { ports: [25] }, endpoint, 'agreed'],
    ['an endpoint with another port', {}, { ...endpoint, port: 587 }, 'entered-otherwise'],
    ['an endpoint with another SSL mode', {}, { ...endpoint, sslMode: 'None' }, 'entered-otherwise'],
  ])('Postal names %s', (_, more, entered, expected) => {
    expect(compared('encrypted', { value: 'encrypted', ...more }, entered)).toBe(expected);
  });
});
