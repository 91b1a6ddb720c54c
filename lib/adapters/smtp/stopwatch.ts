/** Starts a monotonic stopwatch; each call of the result gives the milliseconds since, to a tenth. */
export const stopwatch = (): (() => number) => {
  const start = performance.now();
  return () => Math.round((performance.now() - start) * 10) / 10;
};
