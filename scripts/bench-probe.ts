import { type Postfix, postfixMissing, startPostfix } from '../test/support/postfix.ts';
import { exporterPackage, startBlackboxExporter } from './bench/blackbox-exporter.ts';
import { blackbox, type Candidate, nodemailer, postalEndpoint, timeoutMs } from './bench/candidates.ts';
import { type Endpoints, startEndpoints } from './bench/endpoints.ts';
import { atConcurrency, median, timed } from './bench/statistics.ts';
import { unpackDebianPackage } from './debian/unpack.ts';

// Measures the probe beside what else can check a mail server with STARTTLS, all of them against one Postfix on loopback, by turns, and
// prints the ratios of their medians as one JSON line. What it measured goes to standard error.

const rounds = 7;
const sequentialProbes = 30;
const concurrency = 32;
const concurrentProbes = 320;
const hangingRounds = 5;
const endpointCount = 200;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const milliseconds = (values: readonly number[]): string => `${median(values).toFixed(2)} ms`;

const mustSucceed = async (candidate: Candidate, hostname: string, port: number): Promise<void> => {
  if (!(await candidate(hostname, port)))
    throw new Error(`a probe of Postfix failed (${hostname}): its time would mean nothing`);
};

/** Medians of single probes, one after the other, a candidate's turn after another's. */
const sequential = async (candidates: readonly Candidate[], port: number): Promise<readonly number[]> => {
  const times = candidates.map((): number[] => []);
  for (let turn = 0; turn < sequentialProbes; turn += 1) {
    for (const [index, candidate] of candidates.entries()) {
      times[index]?.push(await timed(() => mustSucceed(candidate, `sequential-${turn}.bench.test`, port)));
    }
  }
  return times.map(median);
};

/** Probes a second. */
const throughput = async (candidate: Candidate, port: number): Promise<number> => {
  const tookMs = await timed(() =>
    atConcurrency(concurrency, concurrentProbes, (index) => mustSucceed(candidate, `many-${index}.bench.test`, port)),
  );
  return (concurrentProbes * 1000) / tookMs;
};

/** Seconds for all endpoints at once, a fifth of which hang: half of these accept and say nothing, the others do not even accept. */
const hanging = async (
  candidate: Candidate,
  postfix: Postfix,
  { silentPort, fullPort }: Endpoints,
): Promise<number> => {
  const tookMs = await timed(() =>
    atConcurrency(endpointCount, endpointCount, async (index) => {
      if (index % 5 !== 0) return mustSucceed(candidate, `spread-${index}.bench.test`, postfix.port);
      if (await candidate(`hanging-${index}.bench.test`, index % 2 === 0 ? silentPort : fullPort))
        throw new Error('a server that hangs was found good');
    }),
  );
  return tookMs / 1000;
};

/** Milliseconds until the last of those names is probed for which the nameserver answers; for a fifth of the names it may not. */
const answeredNames = async (candidate: Candidate, port: number, unanswered: boolean): Promise<number> => {
  const start = performance.now();
  let lastMs = 0;
  await atConcurrency(endpointCount, endpointCount, async (index) => {
    if (index % 5 !== 0) {
      await mustSucceed(candidate, `answered-${index}.bench.test`, port);
      lastMs = performance.now() - start;
    } else if (unanswered) await candidate(`unanswered-${index}.bench.test`, port);
  });
  return lastMs;
};

const measure = async (postfix: Postfix, endpoints: Endpoints): Promise<Record<string, number>> => {
  await using exporter = await startBlackboxExporter();
  const own = postalEndpoint({
    dnsPort: endpoints.dnsPort,
    ports: [postfix.port, endpoints.silentPort, endpoints.fullPort],
  });
  const theirs = blackbox(exporter);
  for (const candidate of [own, theirs, nodemailer]) await throughput(candidate, postfix.port);

  const single: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round += 1)
    single.push(await sequential([own, theirs, nodemailer], postfix.port));
  const [ownMs, theirMs, nodemailerMs] = [0, 1, 2].map((index) =>
    single.map((medians) => medians[index] ?? Number.NaN),
  );
  say(
    `one probe: ${milliseconds(ownMs ?? [])}; blackbox exporter ${milliseconds(theirMs ?? [])}; nodemailer verify() ${milliseconds(nodemailerMs ?? [])}`,
  );

  const rates: (readonly [number, number])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ownRate = await throughput(own, postfix.port);
    rates.push([ownRate, await throughput(theirs, postfix.port)]);
  }
  say(
    `probes a second, ${concurrency} at once: ${median(rates.map(([rate]) => rate)).toFixed(0)}; blackbox exporter ${median(rates.map(([, rate]) => rate)).toFixed(0)}`,
  );

  const spread: (readonly [number, number])[] = [];
  for (let round = 0; round < hangingRounds; round += 1) {
    const ownSeconds = await hanging(own, postfix, endpoints);
    spread.push([ownSeconds, await hanging(theirs, postfix, endpoints)]);
  }
  say(
    `${endpointCount} endpoints at once, 40 of them hanging, ${timeoutMs} ms timeouts: ${median(spread.map(([one]) => one)).toFixed(3)} s; blackbox exporter ${median(spread.map(([, other]) => other)).toFixed(3)} s`,
  );

  const unhindered = await answeredNames(own, postfix.port, false);
  const besideUnanswered = await answeredNames(own, postfix.port, true);
  say(
    `160 names, last report: ${unhindered.toFixed(0)} ms; beside 40 names for which the nameserver never answers: ${besideUnanswered.toFixed(0)} ms`,
  );

  return {
    sequentialVsBlackbox: median(single.map(([one = Number.NaN, other = Number.NaN]) => one / other)),
    sequentialVsNodemailer: median(single.map(([one = Number.NaN, , other = Number.NaN]) => one / other)),
    throughputVsBlackbox: median(rates.map(([one, other]) => one / other)),
    hanging200Seconds: median(spread.map(([seconds]) => seconds)),
    hanging200VsBlackbox: median(spread.map(([one, other]) => one / other)),
  };
};

const main = async (): Promise<void> => {
  await using postfix = await startPostfix('127.0.0.1', ['DNS:*.bench.test']);
  await using endpoints = await startEndpoints();
  const ratios = await measure(postfix, endpoints);
  process.stdout.write(
    `${JSON.stringify(Object.fromEntries(Object.entries(ratios).map(([name, value]) => [name, rounded(value)])))}\n`,
  );
};

const fetched = async (): Promise<string | undefined> => {
  try {
    await unpackDebianPackage(exporterPackage);
    return undefined;
  } catch (error) {
    return `${exporterPackage} is missing, and apt-get does not give it: ${error instanceof Error ? error.message.trim() : String(error)}`;
  }
};

const missing = postfixMissing() ?? (await fetched());
if (missing === undefined) await main();
else {
  say(missing);
  process.exitCode = 2;
}
