import { describe, expect, it } from 'vitest';
import { countThatFits, sharedRoom } from '../../../lib/core/limits/shared-room.ts';

describe('sharing room', () => {
  it.each([
    ['all fits', [10, 20, 5], 100, [10, 20, 5]],
    ['what small ones leave goes to large ones', [10, 500, 500], 210, [10, 100, 100]],
    ['the order of the needs is kept', [500, 10, 500], 210, [100, 10, 100]],
    ['no room', [10, 20], 0, [0, 0]],
    ['less than none', [10], -5, [0]],
    ['nobody', [], 10, []],
  ])('%s', (_, needs, room, shares) => {
    expect(sharedRoom(needs, room)).toEqual(shares);
  });

  it.each([
    [[5, 5, 5], 15, 3],
    [[5, 5, 5], 14, 2],
    [[20, 1], 10, 0],
    [[], 0, 0],
  ])('of the sizes %j, in room for %i, the first %i fit', (sizes, room, count) => {
    expect(countThatFits(sizes, room)).toBe(count);
  });
});
