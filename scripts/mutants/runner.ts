import { appendFileSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type RunnerTestCase, type RunnerTestSuite, type TestContext, TestRunner } from 'vitest';
import { noteSlowTest, slowTestsIn } from './slow-tests.ts';
import { MutantSwitch } from './switch.ts';

const mutants = new MutantSwitch();
Object.assign(globalThis, { __mutants: mutants });

// A property that has found its counterexample has killed the mutant: how small it gets is of no interest, nor are thousands of runs.
fc.configureGlobal({ endOnFailure: true, interruptAfterTimeLimit: 1_500, markInterruptAsFailure: false });

/** Tests that take longer are left for the second pass, in which few mutants still live. */
const fastMs = 150;

/** A test without a result after this time counts as hanging. */
const patienceMs = (ordinaryMs: number): number => 1_500 + 8 * ordinaryMs;

type Hook = (context: TestContext, suite: RunnerTestSuite) => unknown;

const suitesOf = ({ suite, file }: RunnerTestCase): readonly RunnerTestSuite[] => {
  const suites: RunnerTestSuite[] = [];
  for (let at: RunnerTestSuite | undefined = suite; at !== undefined && at !== file; at = at.suite) suites.unshift(at);
  return [file, ...suites];
};

/**
 * Runs every test once as it is, and then once for each living mutant that it reaches. Only what a test says of a mutant is kept. The first pass leaves slow
 * tests to a second one, which runs no others.
 */
export default class MutantRunner extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    // Through files in it the processes of one run know what the others have killed.
    const folder = String(this.injectValue('mutantsFolder'));
    const isSecondPass = this.injectValue('isSecondPass') === true;
    if (isSecondPass && !slowTestsIn(folder).some(({ id, file }) => id === test.id && file === test.file.filepath))
      return;
    const body = TestRunner.getTestFn(test);
    const run = async (): Promise<void> => {
      const cleanUps: unknown[] = [];
      for (const suite of suitesOf(test))
        for (const hook of TestRunner.getSuiteHooks(suite).beforeEach as readonly Hook[])
          cleanUps.push(await hook(test.context, suite));
      try {
        await body();
      } finally {
        for (const cleanUp of cleanUps.reverse()) if (typeof cleanUp === 'function') await cleanUp();
        for (const suite of suitesOf(test).toReversed())
          for (const hook of TestRunner.getSuiteHooks(suite).afterEach as readonly Hook[])
            await hook(test.context, suite);
      }
    };
    mutants.turnOff();
    mutants.reached.clear();
    const began = performance.now();
    await body();
    const ordinaryMs = performance.now() - began;
    const reached = [...mutants.reached];
    const isKilled = new Set(readFileSync(`${folder}/killed`, 'utf8').split('\n').map(Number));
    const living = reached.filter((id) => !isKilled.has(id));
    if (reached.length > 0) appendFileSync(`${folder}/reached`, `${reached.join('\n')}\n`);
    if (living.length === 0) return;
    if (!isSecondPass && ordinaryMs > fastMs)
      return noteSlowTest(folder, { id: test.id, file: test.file.filepath, ms: ordinaryMs });
    const endsWell = async (): Promise<boolean> => {
      const { promise: late, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), patienceMs(ordinaryMs));
      const ended = run().then(
        () => true,
        () => false,
      );
      const isWell = await Promise.race([ended, late]);
      clearTimeout(timer);
      return isWell;
    };
    // A test that cannot be run again in the same process says nothing of mutants.
    if (!(await endsWell())) return;
    for (const id of living) {
      mutants.turnOn(id, patienceMs(ordinaryMs));
      const survives = await endsWell();
      mutants.turnOff();
      if (survives) continue;
      appendFileSync(`${folder}/killed`, `${id}\n`);
      // What a mutant left behind must not kill the next one.
      if (!(await endsWell())) return;
    }
  }
}
