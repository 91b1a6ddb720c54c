/**
 * Shares room among those who need some: whoever needs less than an equal share gets what it needs, and what that leaves is shared among the rest. In the
 * order of `needs`; same unit as `room`.
 */
export const sharedRoom = (needs: readonly number[], room: number): readonly number[] => {
  const shares = needs.map(() => 0);
  let left = Math.max(0, room);
  const ascending = needs.map((need, index) => ({ need, index })).sort((one, other) => one.need - other.need);
  for (const [place, { need, index }] of ascending.entries()) {
    const share = Math.min(need, Math.floor(left / (ascending.length - place)));
    shares[index] = share;
    left -= share;
  }
  return shares;
};

/** How many items, from the first on, fit into so much room. */
export const countThatFits = (sizes: readonly number[], room: number): number => {
  let left = room;
  const firstTooMany = sizes.findIndex((size) => {
    left -= size;
    return left < 0;
  });
  return firstTooMany === -1 ? sizes.length : firstTooMany;
};
