/** Does some work for every item, at most so many at a time, in their order of beginning. Rejects with the first failure, and begins nothing more then. */
export const concurrently = async <Item>(
  items: Iterable<Item>,
  atMost: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> => {
  const waiting = items[Symbol.iterator]();
  let hasFailed = false;
  const workOff = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true && !hasFailed; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atMost }, workOff));
};
