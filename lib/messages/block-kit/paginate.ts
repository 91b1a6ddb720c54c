/** One page of a longer list; `page` counts from 1 and is brought into range. */
export type Page<Item> = {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
};

export const rowsPerPage = 20;

export const pageOf = <Item>(all: readonly Item[], page: number, size = rowsPerPage): Page<Item> => {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const current = Math.min(Math.max(1, page), pages);
  return { items: all.slice((current - 1) * size, current * size), page: current, pages, total: all.length };
};
