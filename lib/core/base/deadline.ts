/** By when a piece of work must be over: a moment to plan by, and a signal that ends it. */
export type Deadline = {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly signal: AbortSignal;
};
