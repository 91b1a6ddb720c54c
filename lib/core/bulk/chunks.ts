import { jsonOctets } from '../limits/octets.ts';

/** Cuts a list into pieces of at most so many octets as JSON, in order; what alone is longer is a piece of its own. None for an empty list. */
export const inChunks = <Item>(items: readonly Item[], octets: number): readonly (readonly Item[])[] => {
  const chunks: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const size = jsonOctets(item) + 1;
    const last = chunks.at(-1);
    if (last === undefined || size > room) {
      chunks.push([item]);
      room = octets - size;
    } else {
      last.push(item);
      room -= size;
    }
  }
  return chunks;
};
