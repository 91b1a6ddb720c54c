import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChild } from './soak/run-child.ts';

// Runs the model, the crash points and everything random with a new seed each round, for as many minutes as are asked for, and stops at the first failure with the line
// that plays it again. `npm run soak -- --minutes 20`.

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 24 * 60)) {
  process.stderr.write(`--minutes: "${values.minutes}" is not a number of minutes up to 1440\n`);
  process.exit(2);
}

const model = ['test/model/with-outsider.test.ts', 'test/model/without-outsider.test.ts'];
const isRandom = (file: string): boolean => readFileSync(join(root, file), 'utf8').includes("from 'fast-check'");
const fuzz = globSync('test/**/*.test.ts', { cwd: root }).filter(isRandom).sort();
const named = (files: readonly string[]): readonly string[] => files.filter((file) => file.includes(values.only));

const began = performance.now();
const signal = AbortSignal.timeout(minutes * 60_000);
const counted = { rounds: 0, histories: 0, crashPoints: 0, fuzzed: 0 };

/** What happened to a part of a round: its output, or the line that plays its failure again; undefined where the time was over before. */
type Part = { readonly output: string } | { readonly replay: string } | undefined;

const part = async (seed: number, args: readonly string[], replayOf: (output: string) => string): Promise<Part> => {
  const { how, output } = await runChild(args, seed, signal);
  if (how === 'out-of-time') return undefined;
  if (how === 'well') return { output };
  process.stderr.write(output);
  return { replay: replayOf(output) };
};

const tests = async (seed: number, files: readonly string[]): Promise<Part> => {
  if (files.length === 0) return { output: '' };
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, ...files];
  return part(seed, vitest, (output) => {
    const failed = new Set([...output.matchAll(/^ *FAIL {2}(\S+)/gm)].map(([, file = '']) => file));
    return (
      /^.*?(Replay: .*)$/m.exec(output)?.[1] ??
      `Replay: SEED=${seed} npx vitest run ${[...(failed.size > 0 ? failed : files)].join(' ')}`
    );
  });
};

/** One round, each part of which counts by itself; resolves to the line that plays its failure again, where it failed. */
const round = async (seed: number): Promise<string | undefined> => {
  const played = await tests(seed, named(model));
  if (played === undefined || 'replay' in played) return played?.replay;
  for (const [, histories = ''] of played.output.matchAll(/^(\d+) histories /gm))
    counted.histories += Number(histories);
  const crash = [join(root, 'scripts/crash.ts'), '--memory'];
  const crashed = await part(seed, crash, () => 'Replay: npm run crash -- --memory');
  if (crashed === undefined || 'replay' in crashed) return crashed?.replay;
  counted.crashPoints += Number(/"points":(\d+)/.exec(crashed.output)?.[1] ?? 0);
  // Each round begins with another file: a short run ends before the last.
  const files = named(fuzz);
  const first = files.length === 0 ? 0 : seed % files.length;
  for (const file of [...files.slice(first), ...files.slice(0, first)]) {
    const fuzzed = await tests(seed, [file]);
    if (fuzzed === undefined || 'replay' in fuzzed) return fuzzed?.replay;
    counted.fuzzed += 1;
  }
  counted.rounds += 1;
  return undefined;
};

let replay: string | undefined;
let seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
while (replay === undefined && !signal.aborted) {
  replay = await round(seed);
  process.stderr.write(`${JSON.stringify({ ...counted, seed })}\n`);
  seed = randomInt(2 ** 31);
}
const answer = {
  minutes: Math.round((performance.now() - began) / 6_000) / 10,
  ...counted,
  // What was not played to its end shows nothing.
  clean: replay === undefined && counted.histories + counted.crashPoints + counted.fuzzed > 0,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
if (replay !== undefined) process.stdout.write(`${replay}\n`);
if (!answer.clean) process.exitCode = 1;
