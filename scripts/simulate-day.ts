import { parseArgs } from 'node:util';
import { causeKey } from '../lib/core/watch/incident/incident-cause.ts';
import { plainMemory } from './simulate/play.ts';
import { type Day, holds, runDay } from './simulate/run-day.ts';

const endpoints = 500;
const seedsInAll = 20;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clockTime = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const seedsOf = (text: string | undefined, count: string): readonly number[] => {
  if (text === undefined && /^\d{1,3}$/.test(count))
    return Array.from({ length: Number(count) }, (_, index) => index + 1);
  if (text === undefined) {
    process.stderr.write(`--seeds is "${count}"; it must be a number of days such as 5\n`);
    process.exit(2);
  }
  if (/^\d{1,9}$/.test(text)) return [Number(text)];
  process.stderr.write(`--seed is "${text}"; it must be a whole number such as 7\n`);
  process.exit(2);
};

const timeline = ({ truth, told }: Day): readonly string[] => {
  const happened = [
    ...truth.faults.flatMap(({ kind, target, port, hostnames, fromMs, toMs, sight }) => [
      {
        atMs: fromMs,
        line: `  ${kind} begins: ${target ?? hostnames[0]} ${port ?? ''} (${sight}, ${hostnames.length} endpoints)`,
      },
      { atMs: toMs, line: `  ${kind} ends: ${target ?? hostnames[0]}` },
    ]),
    ...truth.masses.flatMap(({ kind, fromMs, toMs }) => [
      { atMs: fromMs, line: `  ${kind} begins, for all endpoints` },
      { atMs: toMs, line: `  ${kind} ends` },
    ]),
    ...told.map(({ atMs, what, incident }) => ({
      atMs,
      line: `→ ${what} ${causeKey(incident.cause)}, ${incident.members.length} endpoints, ${incident.severity}: ${incident.sentence}`,
    })),
  ];
  return happened.toSorted((one, other) => one.atMs - other.atMs).map(({ atMs, line }) => `${clockTime(atMs)} ${line}`);
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string', default: String(seedsInAll) } },
});
const seeds = seedsOf(values.seed, values.seeds);
const days: Day[] = [];
for (const seed of seeds) {
  const day = await runDay(seed, endpoints, plainMemory());
  const { score } = day;
  days.push(day);
  if (seeds.length === 1) for (const line of timeline(day)) say(line);
  say(
    `seed ${seed}: ${score.incidents} causes, ${day.alerts} alerts; flapping ${score.flaps.told} of ${score.flaps.count} told; ` +
      `too short to have to be told, ${score.between.told} of ${score.between.count} told`,
  );
  for (const text of score.missed) say(`  missed: ${text}`);
  for (const text of score.false) say(`  false: ${text}`);
  for (const text of score.repeated) say(`  more than once: ${text}`);
  for (const text of score.unrecovered) say(`  no recovery: ${text}`);
  for (const text of day.wronglyAsked) say(`  asked again wrongly: ${text}`);
}
const scores = days.map(({ score }) => score);
const sum = (of: (score: Day['score']) => number): number => scores.reduce((total, score) => total + of(score), 0);
const detection = scores.flatMap((score) => score.detection);
const causes = sum(({ incidents }) => incidents);
const alerts = days.reduce((total, day) => total + day.alerts, 0);
say(
  JSON.stringify({
    seeds: seeds.length,
    incidents: causes,
    causes,
    alerts,
    alertsPerCause: rounded(alerts / Math.max(1, causes)),
    missed: sum(({ missed }) => missed.length),
    false: sum((score) => score.false.length),
    secondDestinationWithinSecondsMax: rounded(Math.max(0, ...days.map((day) => day.secondWithinSeconds))),
    alertsPerIncident: rounded(sum((score) => score.alerts) / Math.max(1, causes)),
    detectIntervalsP50: rounded(percentile(detection, 0.5)),
    detectIntervalsMax: rounded(Math.max(0, ...detection)),
  }),
);
process.exitCode = days.every(holds) ? 0 : 1;
