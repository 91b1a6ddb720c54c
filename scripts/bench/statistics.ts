/** The middle of some numbers; the mean of the two in the middle of an even count. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError('There is no median of nothing');
  return (low + high) / 2;
};

/** Milliseconds that the work took. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Does the work `times` times, `concurrency` at once. */
export const atConcurrency = async (
  concurrency: number,
  times: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0;
  const runner = async (): Promise<void> => {
    for (let index = next++; index < times; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: concurrency }, runner));
};

/** The smallest value that is not exceeded by this share, 0 to 1, of the values. */
export const quantile = (values: readonly number[], share: number): number => {
  const value = values.toSorted((one, other) => one - other)[Math.max(0, Math.ceil(share * values.length) - 1)];
  if (value === undefined) throw new RangeError('There is no quantile of nothing');
  return value;
};
