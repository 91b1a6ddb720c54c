/** How a wait ended without the event: its own budget ran out, or the deadline of the whole did. */
export type NoEvent = 'timeout' | 'deadline';

/**
 * Waits for one event, at most `budgetMs` and never past the signal; never rejects.
 *
 * `subscribe` gets the function to settle with, may call it at once, and returns what unsubscribes.
 */
export const within = <Value>(
  subscribe: (settle: (value: Value) => void) => () => void,
  budgetMs: number,
  signal: AbortSignal,
): Promise<Value | NoEvent> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve('deadline');
      return;
    }
    let settled = false;
    let unsubscribe: (() => void) | undefined;
    const settle = (value: Value | NoEvent): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      unsubscribe?.();
      resolve(value);
    };
    const onAbort = (): void => settle('deadline');
    const timer = setTimeout(() => settle('timeout'), budgetMs);
    signal.addEventListener('abort', onAbort, { once: true });
    const stop = subscribe(settle);
    if (settled) stop();
    else unsubscribe = stop;
  });
