/** Lets loops sleep until something happens, or until a time. */
export type Wake = {
  /** Ends every sleep now. */
  ring(): void;
  /** Resolves when the bell is rung, after `ms`, or when the signal is aborted; `ms` undefined: not by itself. */
  sleep(ms: number | undefined, signal: AbortSignal): Promise<void>;
};

export const createWake = (): Wake => {
  const sleepers = new Set<() => void>();
  return {
    ring: () => {
      for (const end of sleepers) end();
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          sleepers.delete(end);
          resolve();
        };
        const timer = ms === undefined ? undefined : setTimeout(end, Math.max(0, ms));
        signal.addEventListener('abort', end, { once: true });
        sleepers.add(end);
        if (signal.aborted) end();
      }),
  };
};
