import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { startVitest, type TestSpecification } from 'vitest/node';
import { slowFilesIn } from './slow-tests.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mutantsFolder: string;
    isSecondPass: boolean;
  }
}

/** Keeps the order in which the files were given: what is fast kills first. */
const inOrder = (files: readonly string[]) =>
  class {
    shard(given: TestSpecification[]): TestSpecification[] {
      return given;
    }
    sort(given: TestSpecification[]): TestSpecification[] {
      const place = ({ moduleId }: TestSpecification): number => files.findIndex((file) => moduleId.endsWith(file));
      return given.toSorted((one, other) => place(one) - place(other));
    }
  };

type Run = {
  readonly root: string;
  readonly folder: string;
  /** The mutated sources, by path. */
  readonly sources: ReadonlyMap<string, string>;
  readonly testFiles: readonly string[];
};

const runPass = async ({ root, folder, sources, testFiles }: Run, isSecondPass: boolean): Promise<void> => {
  const unloaded: string[] = [];
  // A mutant may leave a promise that fails with nobody waiting: that ends nothing here.
  const vitest = await startVitest(
    'test',
    testFiles.map((file) => join(root, file)),
    {
      config: false,
      root,
      watch: false,
      // What it keeps between runs are other mutants.
      fsModuleCache: false,
      include: [...testFiles],
      setupFiles: [join(root, 'test/support/loopback-only.ts')],
      runner: join(import.meta.dirname, 'runner.ts'),
      provide: { mutantsFolder: folder, isSecondPass },
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 30 * 60_000,
      hookTimeout: 90_000,
      dangerouslyIgnoreUnhandledErrors: true,
      silent: true,
      reporters: [
        {
          onTestModuleEnd: (file) => {
            unloaded.push(...file.errors().map(({ message }) => `${file.moduleId}: ${message}`));
            const seconds = Math.round(file.diagnostic().duration / 1000);
            process.stderr.write(`${seconds} s  ${relative(root, file.moduleId)}\n`);
          },
        },
      ],
      sequence: { sequencer: inOrder(testFiles) },
    },
    {
      plugins: [{ name: 'mutants', enforce: 'pre', load: (id) => sources.get(id) ?? null }],
    },
    // Standard output holds the answer alone; tests print their seeds.
    { stdout: process.stderr },
  );
  await vitest.close();
  if (unloaded.length > 0) throw new Error(`test files that do not load kill nothing: ${unloaded.join('; ')}`);
};

/** Runs test files over mutated sources, fast tests first. What they reach and kill is in `folder` afterwards. */
export const runTests = async (run: Run): Promise<void> => {
  for (const file of ['killed', 'reached', 'slow']) writeFileSync(join(run.folder, file), '');
  await runPass(run, false);
  const testFiles = slowFilesIn(run.folder).map((file) => relative(run.root, file));
  if (testFiles.length > 0) await runPass({ ...run, testFiles }, true);
};
