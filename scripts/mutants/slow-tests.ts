import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** A test that the first pass has left to the second, and how long it took. */
const schema = z.object({ id: z.string(), file: z.string(), ms: z.number() });
type SlowTest = z.output<typeof schema>;

const place = (folder: string): string => join(folder, 'slow');

/** Leaves a test to the second pass. The processes of a run share the folder. */
export const noteSlowTest = (folder: string, test: SlowTest): void =>
  appendFileSync(place(folder), `${JSON.stringify(test)}\n`);

/** All that were left so far. */
export const slowTestsIn = (folder: string): readonly SlowTest[] =>
  readFileSync(place(folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));

/** Their files, those first that are over soonest: what they kill, the long ones need not try. */
export const slowFilesIn = (folder: string): readonly string[] => {
  const longest = new Map<string, number>();
  for (const { file, ms } of slowTestsIn(folder)) longest.set(file, Math.max(ms, longest.get(file) ?? 0));
  return [...longest].toSorted(([, one], [, other]) => one - other).map(([file]) => file);
};
