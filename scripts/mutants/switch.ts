/** Calls of the mutated sources after which a mutant counts as running for ever: no test makes a tenth of them in one run. */
const callsAtMost = 2_000_000;

/** Which mutant is on in this process, and which ones a test reaches. The mutated sources ask it at every place. */
export class MutantSwitch {
  readonly reached = new Set<number>();
  #on: number | undefined;
  #calls = 0;

  turnOn(id: number): void {
    this.#on = id;
    this.#calls = 0;
  }

  turnOff(): void {
    this.#on = undefined;
  }

  is(id: number): boolean {
    if (this.#on === undefined) {
      this.reached.add(id);
      return false;
    }
    this.#calls += 1;
    if (this.#calls > callsAtMost) throw new Error('the mutant runs for ever');
    return this.#on === id;
  }

  /** What an expression statement waits for where its await is dropped: nothing. */
  drop(begun: unknown): undefined {
    this.unhandled(begun);
    return undefined;
  }

  /** A promise that nobody waits for: what becomes of it ends no process. */
  unhandled<Value>(begun: Value): Value {
    if (begun instanceof Promise) begun.catch(() => undefined);
    return begun;
  }
}
