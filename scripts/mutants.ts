import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type Mutant, withMutants } from './mutants/mutate.ts';
import { runTests } from './mutants/run-tests.ts';
import { testFilesOf } from './mutants/test-files.ts';

// Changes the sources on which safety depends, one place at a time, and looks whether a test notices: every guard negated, every await dropped, every pair of
// writes swapped, every filter dropped. Prints one line of JSON; what survives is a rule that no test holds. Progress goes to standard error.
// StrykerJS 10.1.1 does not start beside TypeScript 7, whose package has no compiler API (ts.parseConfigFileTextToJson), and has no rule for awaits and the order of
// writes.

const root = join(import.meta.dirname, '..');
const critical = [
  'lib/core/policy',
  'lib/core/ledger',
  'lib/core/dns',
  'lib/app/change',
  'lib/app/notify',
  'lib/core/bulk',
  'lib/app/bulk',
  'lib/app/commands/{update,remove,adopt}.ts',
  'lib/app/check/recipient-check.ts',
];

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const only = values.only?.map((place) => place.replace(/^(?!lib\/)/, 'lib/').replace(/\/$/, ''));
const files = critical
  .flatMap((place) => globSync(place.endsWith('.ts') ? place : `${place}/**/*.ts`, { cwd: root }))
  .filter((file) => only?.some((place) => file === place || file.startsWith(`${place}/`)) ?? true)
  .sort();
if (files.length === 0) {
  process.stderr.write(`--only: "${values.only?.join(', ')}" holds nothing of ${critical.join(', ')}\n`);
  process.exit(2);
}

const mutantsOf = new Map<string, readonly Mutant[]>();
const sources = new Map<string, string>();
let firstId = 1;
for (const file of files) {
  const { text, mutants } = withMutants(file, readFileSync(join(root, file), 'utf8'), firstId);
  firstId += mutants.length;
  mutantsOf.set(file, mutants);
  sources.set(join(root, file), text);
}

/** What a mutant is called: the same for as long as its code stays. */
const nameOf = (file: string, { rule, code }: Mutant, nth: number): string =>
  `${file}: ${rule}: ${code}${nth === 0 ? '' : ` (${nth + 1})`}`;

const named = [...mutantsOf].flatMap(([file, mutants]) => {
  const times = new Map<string, number>();
  return mutants.map((mutant) => {
    const key = `${mutant.rule} ${mutant.code}`;
    const nth = times.get(key) ?? 0;
    times.set(key, nth + 1);
    return { id: mutant.id, name: nameOf(file, mutant, nth), where: `${file}:${mutant.line}` };
  });
});

const equivalentSchema = z.array(z.strictObject({ mutant: z.string(), why: z.string().min(20) }));
const equivalent = equivalentSchema.parse(
  JSON.parse(readFileSync(join(root, 'scripts/mutants/equivalent.json'), 'utf8')),
);

const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
const idsIn = (file: string): ReadonlySet<number> =>
  new Set(readFileSync(join(folder, file), 'utf8').split('\n').map(Number));
try {
  await runTests({ root, folder, sources, testFiles: testFilesOf(root, files) });
  const [killed, reached] = [idsIn('killed'), idsIn('reached')];
  const survivors = named.filter(({ id }) => !killed.has(id));
  const known = equivalent.filter(({ mutant }) => survivors.some(({ name }) => name === mutant));
  const survived = survivors
    .filter(({ name }) => !known.some(({ mutant }) => mutant === name))
    .map(({ id, name, where }) => ({ mutant: name, where, ...(reached.has(id) ? {} : { reached: false }) }));
  const answer = { mutants: named.length, killed: killed.size - 1, survived, equivalent: known };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.exitCode = survived.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
