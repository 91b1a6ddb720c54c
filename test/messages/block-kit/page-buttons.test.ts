import { describe, expect, it } from 'vitest';
import { pageButtons, pagesLine } from '../../../lib/messages/block-kit/page-buttons.ts';
import { pageOf } from '../../../lib/messages/block-kit/paginate.ts';

const placeOf = (total: number, page: number) =>
  pageOf(
    Array.from({ length: total }, (_, index) => index),
    page,
    () => 1,
  );
const labels = (total: number, page: number) => pageButtons('list', placeOf(total, page)).map(({ text }) => text.text);

describe('what stands under a table', () => {
  it.each([
    [0, 1, 'none'],
    [1, 1, '1 of 1'],
    [20, 1, '1–20 of 20'],
    [57, 1, '1–20 of 57 · page 1 of 3'],
    [57, 3, '41–57 of 57 · page 3 of 3'],
    [41, 3, '41 of 41 · page 3 of 3'],
    [57, 9, '41–57 of 57 · page 3 of 3'],
  ])('%i rows, page %i: %s', (total, page, line) => {
    expect(pagesLine(placeOf(total, page))).toBe(line);
  });

  it('has a button for each neighbouring page', () => {
    expect(labels(20, 1)).toEqual([]);
    expect(labels(57, 1)).toEqual(['Next']);
    expect(labels(57, 2)).toEqual(['Previous', 'Next']);
    expect(labels(57, 3)).toEqual(['Previous']);
  });
});
