/** Exponential back-off with jitter, milliseconds: between half and all of `baseMs` × 2^(attempt − 1), at most `capMs`. */
export const backoffMs = (attempt: number, baseMs: number, capMs: number, random: () => number): number => {
  const ceiling = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
};
