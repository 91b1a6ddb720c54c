import { watch } from '../lib/app/watch/watch.ts';
import { median } from './bench/statistics.ts';
import { dollarsAMonth, extrapolated, type IntervalCost, memory, prices } from './bench-watch/prices.ts';
import { openSetting } from './bench-watch/setting.ts';

// Measures what watching costs an endpoint: whole intervals of runs with watch's own adapters over sockets, against mail servers, a nameserver and a
// DynamoDB in a process of their own. Time is this process's processor time, for the machine has fewer cores than Lambda has instances. Takes some
// minutes, and says on standard error how far it is. Prints a table of what 10,000 and 100,000 endpoints come to, and as the last line the milliseconds
// an endpoint, for few and for many. Half of the endpoints have a standby; `standbyRatio` compares that with the same run without standbys.

const few = 200;
const many = 2_000;
const runsAnInterval = 5;
const runMs = 110_000;
/** Measured after one that warms up. */
const intervalsOf = (count: number): number => (count === few ? 3 : 2);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Measured = { readonly cost: IntervalCost; readonly cpuMsPerEndpoint: number; readonly wallMsPerEndpoint: number };

const { signal } = new AbortController();

const measure = async (count: number, withStandbys = true): Promise<Measured> => {
  await using setting = await openSetting(count);
  const { ports, meter } = setting;
  await setting.enter(count, withStandbys);
  const interval = async (): Promise<Measured> => {
    const before = { ...meter };
    const cpu = process.cpuUsage();
    const start = performance.now();
    let looked = 0;
    let up = 0;
    for (let run = 0; run < runsAnInterval; run += 1) {
      setting.toNextMinute();
      const watched = await watch(ports, { atMs: ports.clock.now() + runMs, signal });
      if (watched.kind !== 'watched') throw new Error('another run is at work');
      looked += watched.look?.looked ?? 0;
      up = watched.look?.states.up ?? 0;
    }
    const wallMs = performance.now() - start;
    process.stderr.write(
      `an interval of ${count} endpoints${withStandbys ? '' : ' without standbys'}: ${(wallMs / 1000).toFixed(1)} s\n`,
    );
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = (user + system) / 1000;
    if (looked !== count || up !== count)
      throw new Error(
        `of ${count} endpoints ${looked} were looked at, and ${up} are up: on a machine this busy the time would mean nothing`,
      );
    const proberMs = meter.proberMs - before.proberMs;
    return {
      cost: {
        watchMs: wallMs,
        proberMs,
        proberInvocations: meter.proberInvocations - before.proberInvocations,
        readUnits: meter.readUnits - before.readUnits,
        writeUnits: meter.writeUnits - before.writeUnits,
      },
      cpuMsPerEndpoint: cpuMs / count,
      wallMsPerEndpoint: wallMs / count,
    };
  };
  await interval();
  const all: Measured[] = [];
  for (let turn = 0; turn < intervalsOf(count); turn += 1) all.push(await interval());
  const typical = (pick: (one: Measured) => number): number => median(all.map(pick));
  const cost = (key: keyof IntervalCost): number => typical((one) => one.cost[key]);
  return {
    cost: {
      watchMs: cost('watchMs'),
      proberMs: cost('proberMs'),
      proberInvocations: cost('proberInvocations'),
      readUnits: cost('readUnits'),
      writeUnits: cost('writeUnits'),
    },
    cpuMsPerEndpoint: typical((one) => one.cpuMsPerEndpoint),
    wallMsPerEndpoint: typical((one) => one.wallMsPerEndpoint),
  };
};

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(15))).join('');
const grouped = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const ofFew = await measure(few);
const ofMany = await measure(many);
const withoutStandbys = await measure(many, false);

say(row(['an interval of 300 s', 'endpoints', 'prober s', 'watch s', 'read units', 'write units', '$/month']));
const columns = (label: string, endpoints: number, cost: IntervalCost): string => {
  const { lambda, dynamoDb } = dollarsAMonth(cost, 300, runsAnInterval);
  const seconds = [grouped(cost.proberMs / 1000, 1), grouped(cost.watchMs / 1000, 1)];
  return row([
    label,
    grouped(endpoints),
    ...seconds,
    grouped(cost.readUnits),
    grouped(cost.writeUnits),
    grouped(lambda + dynamoDb, 2),
  ]);
};
say(columns('measured', few, ofFew.cost));
say(columns('measured', many, ofMany.cost));
for (const endpoints of [10_000, 100_000])
  say(columns('reckoned from these', endpoints, extrapolated(few, ofFew.cost, many, ofMany.cost, endpoints)));
say(
  `Prices of ${prices.region}, ${prices.asOf}; Lambda arm64, prober ${memory.prober * 1024} MB, watch ${memory.watch * 1024} MB; DynamoDB on demand.`,
);
for (const [count, { wallMsPerEndpoint, cpuMsPerEndpoint }] of [
  [few, ofFew],
  [many, ofMany],
] as const)
  say(
    `${grouped(count)} endpoints: ${wallMsPerEndpoint.toFixed(2)} ms of the runs and ${cpuMsPerEndpoint.toFixed(2)} ms of processor time an endpoint`,
  );
const rounded = (value: number): number => Math.round(value * 100) / 100;
say(
  JSON.stringify({
    msPerEndpoint: { [few]: rounded(ofFew.cpuMsPerEndpoint), [many]: rounded(ofMany.cpuMsPerEndpoint) },
    standbyRatio: rounded(ofMany.cpuMsPerEndpoint / withoutStandbys.cpuMsPerEndpoint),
  }),
);
