import { relative } from 'node:path';
import fc, { type RunDetails } from 'fast-check';
import { expect } from 'vitest';

/** The line that plays a failure of the running test again. */
export const replayLine = (seed: number): string => {
  const { testPath = '', currentTestName = '' } = expect.getState();
  const file = relative(process.cwd(), testPath);
  const name = (currentTestName.split(' > ').at(-1) ?? '').replace(/[^\w -].*$/s, '').trim();
  return `Replay: SEED=${seed} npx vitest run ${file}${name === '' ? '' : ` -t "${name}"`}`;
};

/** What a failed property says: what fast-check says, and how to see it again. */
export const reportFailure = <Values>(details: RunDetails<Values>): void => {
  if (!details.failed) return;
  const message = fc.defaultReportMessage(details);
  throw new Error(`${replayLine(details.seed)}\n${message}`, { cause: details.errorInstance ?? undefined });
};

const given = process.env['SEED'];
if (given !== undefined && !/^-?\d{1,10}$/.test(given))
  throw new RangeError(`SEED is "${given}"; it must be a whole number`);

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  ...(given === undefined ? {} : { seed: Number(given) }),
  reporter: reportFailure,
});

/** The seed of a test that draws its cases itself: SEED where it is given, otherwise a new one. */
export const chosenSeed = (): number => fc.readConfigureGlobal()?.seed ?? Date.now() % 2 ** 31;
