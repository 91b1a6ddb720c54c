import { expect, it } from 'vitest';
import { entriesUntil } from '../../../lib/core/ledger/entries-until.ts';
import { chainOf, sampleStream } from '../../support/chains.ts';
import { sampleRequest } from '../../support/sample-entries.ts';

const entries = chainOf(['A', 'B', 'C'].map((id) => sampleRequest(sampleStream, id)));
const firstMs = Date.parse('2026-03-02T14:02:00.000Z');

it.each([
  [-1, 0],
  [0, 1],
  [999, 1],
  [1000, 2],
  [2000, 3],
  [9000, 3],
])('%i ms after the first entry there are %i', (afterMs, count) => {
  expect(entriesUntil(entries, firstMs + afterMs)).toEqual(entries.slice(0, count));
});

it('takes nothing from behind a later entry: clocks of two workers may differ by a little', () => {
  const [first, second, third] = entries;
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few entries');
  const ahead = { ...second, at: '2026-03-02T14:02:02.500Z' };
  expect(entriesUntil([first, ahead, third], firstMs + 2000)).toEqual([first]);
});
