/** One page of a longer list; `page` counts from 1 and is brought into range, and so does `first`, the place of its first item. */
export type Page<Item> = {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  readonly first: number;
  readonly total: number;
};

/** Rows of a page at most; where they are long, it has fewer. */
export const rowsPerPage = 20;
/** Characters of a page's rows: less than Slack takes in a message, so that head, buttons and the text beside the blocks have room too. */
const charactersPerPage = 5_500;

/** Where each page begins: after 20 rows, or earlier where longer rows fill it. */
const beginnings = <Item>(all: readonly Item[], charactersOf: (item: Item) => number): readonly number[] => {
  const begin = [0];
  let room = charactersPerPage;
  for (const [index, item] of all.entries()) {
    const start = begin.at(-1) ?? 0;
    const characters = charactersOf(item);
    if (index > start && (index - start >= rowsPerPage || characters > room)) {
      begin.push(index);
      room = charactersPerPage;
    }
    room -= characters;
  }
  return begin;
};

/** A page of rows that fits into one message; `charactersOf` is the length of a row as it is shown. */
export const pageOf = <Item>(all: readonly Item[], page: number, charactersOf: (item: Item) => number): Page<Item> => {
  const begin = beginnings(all, charactersOf);
  const current = Math.min(Math.max(1, page), begin.length);
  const start = begin[current - 1] ?? 0;
  return {
    items: all.slice(start, begin[current] ?? all.length),
    page: current,
    pages: begin.length,
    first: start + 1,
    total: all.length,
  };
};
