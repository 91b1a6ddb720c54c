import { concurrently } from './concurrently.ts';

/** What went wrong with one item. */
export type ItemFailure<Item> = { readonly item: Item; readonly error: unknown };

/**
 * Does some work for every item, at most so many at a time, whatever happens to the others. Rejects only where `isOutage` says of a failure that the others
 * would fail as well, and begins nothing more then; gives back what went wrong with single items.
 */
export const eachApart = async <Item>(
  items: Iterable<Item>,
  atMost: number,
  isOutage: (error: unknown) => boolean,
  work: (item: Item) => Promise<unknown>,
): Promise<readonly ItemFailure<Item>[]> => {
  const failures: ItemFailure<Item>[] = [];
  await concurrently(items, atMost, async (item) => {
    try {
      await work(item);
    } catch (error) {
      if (isOutage(error)) throw error;
      failures.push({ item, error });
    }
  });
  return failures;
};
