/** The time is looked up once in so many calls. */
const callsBetweenLooks = 64;

/** Which mutant is on in this process, and which ones a test reaches. The mutated sources ask it at every place. */
export class MutantSwitch {
  readonly reached = new Set<number>();
  #on: number | undefined;
  #calls = 0;
  #until = 0;
  #isOver = false;

  /** `patienceMs`: what runs longer runs for ever. A loop that never yields keeps every timer from firing, so that only the sources themselves can end it. */
  turnOn(id: number, patienceMs: number): void {
    this.#on = id;
    this.#calls = 0;
    this.#isOver = false;
    this.#until = performance.now() + patienceMs;
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
    if (this.#calls % callsBetweenLooks === 0) this.#isOver ||= performance.now() > this.#until;
    if (this.#isOver) throw new Error('the mutant runs for ever');
    return this.#on === id;
  }

  /** What an expression statement waits for where its await is dropped: nothing. */
  drop(begun: unknown): undefined {
    this.unhandled(begun);
    return undefined;
  }

  /** A promise that nobody waits for: what happens to it ends no process. */
  unhandled<Value>(begun: Value): Value {
    if (begun instanceof Promise) begun.catch(() => undefined);
    return begun;
  }
}
