import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { quantile } from './bench/statistics.ts';
import { askedOf } from './bench-scale/asked.ts';
import { measure, type Sample } from './bench-scale/measure.ts';
import { openSetting, type Setting } from './bench-scale/setting.ts';
import { buildFunctions } from './build/functions.ts';

// Measures how long people wait for what reads much, in a deployment with 2,000 endpoints, 20,000 entries in its ledger, 8 days of samples, 90 days of
// summaries and a Postal that has them all: signed over HTTP, with the bundles that would be deployed, one worker, and the emulators of DynamoDB, SQS,
// Route 53 and Slack in a process of their own. `p50Ms` and `p99Ms` are from the command to its answer in Slack. `emulatorMs` is the part of that in which
// a request to an emulator was open, at most of 99 % of the commands; `p99LessEmulatorMs` is the p99 of what is left of each command, and `requests`
// how many requests went to the emulators. The last line is JSON. An answer that is more than one page, or cut to fit into a message, ends the bench.
//
// `--samples 5` for a quick look, `--verbs list,audit` for some of it, `--names 200` for a smaller deployment.

const { values } = parseArgs({
  options: {
    names: { type: 'string', default: '2000' },
    samples: { type: 'string', default: '100' },
    verbs: { type: 'string' },
  },
});
const names = Number(values.names);
const samples = Number(values.samples);
const warmingUp = 2;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const rounded = (value: number): number => Math.round(value);

const samplesOf = (verb: string): number => (verb === 'report' ? Math.ceil(samples / 5) : samples);

const measureAll = async (setting: Setting): Promise<ReadonlyMap<string, readonly Sample[]>> => {
  const chosen = values.verbs?.split(',');
  const measured = new Map<string, readonly Sample[]>();
  for (const [verb, asked] of Object.entries(askedOf(setting.hostnames))) {
    if (chosen !== undefined && !chosen.some((each) => verb === each || verb.startsWith(`${each} `))) continue;
    for (let index = 0; index < warmingUp; index += 1) await measure(setting, asked(samples + index));
    const taken: Sample[] = [];
    for (let index = 0; index < samplesOf(verb); index += 1) taken.push(await measure(setting, asked(index)));
    measured.set(verb, taken);
    const [took, own] = [taken.map(({ tookMs }) => tookMs), taken.map(({ tookMs, emulatorMs }) => tookMs - emulatorMs)];
    say(
      `${verb}: ${taken.length} samples, p50 ${rounded(quantile(took, 0.5))} ms, p99 ${rounded(quantile(took, 0.99))} ms; less emulators p50 ${rounded(quantile(own, 0.5))} ms, p99 ${rounded(quantile(own, 0.99))} ms; load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  return measured;
};

const main = async (bundles: string): Promise<void> => {
  const began = performance.now();
  await buildFunctions(bundles);
  await using setting = await openSetting({
    names,
    moduleOf: (name) => pathToFileURL(join(bundles, name, 'index.mjs')),
    log: say,
  });
  say(`ready after ${rounded((performance.now() - began) / 1000)} s`);
  const measured = await measureAll(setting);
  const by = (share: number, pick: (sample: Sample) => number): Record<string, number> =>
    Object.fromEntries([...measured].map(([verb, taken]) => [verb, rounded(quantile(taken.map(pick), share))]));
  say(`${rounded((performance.now() - began) / 1000)} s in all`);
  process.stdout.write(
    `${JSON.stringify({
      p50Ms: by(0.5, ({ tookMs }) => tookMs),
      p99Ms: by(0.99, ({ tookMs }) => tookMs),
      emulatorMs: by(0.99, ({ emulatorMs }) => emulatorMs),
      p99LessEmulatorMs: by(0.99, ({ tookMs, emulatorMs }) => tookMs - emulatorMs),
      requests: by(0.99, ({ requests }) => requests.length),
    })}\n`,
  );
};

const bundles = await mkdtemp(join(tmpdir(), 'postal-endpoint-scale-'));
try {
  await main(bundles);
} finally {
  await rm(bundles, { recursive: true, force: true });
}
