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
const testFiles = [...model, ...fuzz].filter((file) => file.includes(values.only));

const began = performance.now();
const signal = AbortSignal.timeout(minutes * 60_000);
const counted = { rounds: 0, histories: 0, crashPoints: 0 };

/** One round; resolves to the line that plays its failure again, where it failed. */
const round = async (seed: number): Promise<string | undefined> => {
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, ...testFiles];
  const tests = await runChild(vitest, seed, signal);
  if (tests.how === 'badly') {
    process.stderr.write(tests.output);
    const failed = new Set([...tests.output.matchAll(/^ *FAIL {2}(\S+)/gm)].map(([, file = '']) => file));
    return (
      /^.*?(Replay: .*)$/m.exec(tests.output)?.[1] ??
      `Replay: SEED=${seed} npx vitest run ${[...(failed.size > 0 ? failed : testFiles)].join(' ')}`
    );
  }
  if (tests.how === 'out-of-time') return undefined;
  for (const [, histories = ''] of tests.output.matchAll(/^(\d+) histories /gm)) counted.histories += Number(histories);
  const crash = await runChild([join(root, 'scripts/crash.ts'), '--memory'], seed, signal);
  if (crash.how === 'badly') {
    process.stderr.write(crash.output);
    return 'Replay: npm run crash -- --memory';
  }
  if (crash.how === 'out-of-time') return undefined;
  counted.crashPoints += Number(/"points":(\d+)/.exec(crash.output)?.[1] ?? 0);
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
  clean: replay === undefined,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
if (replay !== undefined) {
  process.stdout.write(`${replay}\n`);
  process.exitCode = 1;
}
