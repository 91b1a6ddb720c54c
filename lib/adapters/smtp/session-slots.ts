/** Lets at most `limit` holders at once have one key; the others wait in order of arrival. */
export class SessionSlots {
  readonly #limit: number;
  readonly #held = new Map<string, { count: number; readonly waiting: (() => void)[] }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs the work in a slot of the key; undefined when the signal aborts before one is free. */
  async run<Value>(key: string, work: () => Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
    if (!(await this.#acquire(key, signal))) return undefined;
    try {
      return await work();
    } finally {
      this.#release(key);
    }
  }

  #acquire(key: string, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    const slots = this.#held.get(key) ?? { count: 0, waiting: [] };
    this.#held.set(key, slots);
    if (slots.count < this.#limit) {
      slots.count += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const onAbort = (): void => {
        slots.waiting.splice(slots.waiting.indexOf(onTurn), 1);
        resolve(false);
      };
      const onTurn = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(true);
      };
      slots.waiting.push(onTurn);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #release(key: string): void {
    const slots = this.#held.get(key);
    if (slots === undefined) return;
    const next = slots.waiting.shift();
    if (next) next();
    else slots.count -= 1;
    if (slots.count === 0) this.#held.delete(key);
  }
}
