import { parseArgs } from 'node:util';
import type { Cloud } from '../test/support/cloud/cloud.ts';
import { createMemoryCloud } from '../test/support/cloud/memory-cloud.ts';
import { openSocketClouds } from '../test/support/cloud/socket-cloud.ts';
import { everyDeath, type Outcome } from './crash/enumerate.ts';
import { scenarios } from './crash/scenario.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { memory: { type: 'boolean', default: false } } });

/** Clouds for the runs: over the emulators' sockets, unless asked for memory. */
const openClouds = async (): Promise<{ open: () => Promise<Cloud>; where: string } & AsyncDisposable> => {
  if (values.memory) return { open: async () => createMemoryCloud(), where: 'ports in memory', [Symbol.asyncDispose]: async () => undefined };
  const clouds = await openSocketClouds();
  return {
    open: clouds.open,
    where: 'the real adapters over sockets, against the local emulators',
    [Symbol.asyncDispose]: () => clouds[Symbol.asyncDispose](),
  };
};

const total = { points: 0, converged: 0, repeats: 0 };
await using clouds = await openClouds();
say(`A worker is ended before and after each of its calls, on ${clouds.where}.`);
for (const afterlife of ['redelivered', 'dead letter'] as const) {
  for (const scenario of scenarios) {
    const deaths: Outcome[] = [];
    for await (const death of everyDeath(clouds.open, scenario, afterlife)) deaths.push(death);
    const failed = deaths.filter(({ complaints }) => complaints.length > 0);
    total.points += deaths.length;
    total.converged += deaths.length - failed.length;
    total.repeats += deaths.reduce((sum, { repeats }) => sum + repeats, 0);
    const services = Map.groupBy(deaths, ({ call }) =>
      call
        .split(' ')
        .slice(0, call.startsWith('Route') ? 2 : 1)
        .join(' '),
    );
    const counts = [...services].map(([service, points]) => `${service} ${points.length}`).join(', ');
    say(`${scenario.name}, message ${afterlife}: ${deaths.length} points (${counts}), ${deaths.length - failed.length} converged`);
    for (const { point, call, complaints } of failed) say(`  ${point.when} call ${point.at + 1}, ${call}: ${complaints.join('; ')}`);
  }
}
say(JSON.stringify(total));
process.exitCode = total.converged === total.points ? 0 : 1;
