import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createMemoryCloud } from '../test/support/cloud/memory-cloud.ts';
import { everyDeath, type Outcome } from './crash/enumerate.ts';
import { everyScenario } from './crash/every-scenario.ts';
import { overSockets } from './crash/over-sockets.ts';

const threadsAtMost = 4;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { memory: { type: 'boolean', default: false } } });

const total = { points: 0, converged: 0, repeats: 0 };

const serviceOf = (call: string): string => /^(?:Route 53|\w+)/.exec(call)?.[0] ?? call;

const report = (deaths: readonly Outcome[]): void => {
  const failed = deaths.filter(({ complaints }) => complaints.length > 0);
  total.points += deaths.length;
  total.converged += deaths.length - failed.length;
  total.repeats += deaths.reduce((sum, { repeats }) => sum + repeats, 0);
  const counts = [...Map.groupBy(deaths, ({ call }) => serviceOf(call))].map(
    ([service, points]) => `${service} ${points.length}`,
  );
  say(
    `  ${deaths[0]?.scenario}: ${deaths.length} points (${counts.join(', ')}), ${deaths.length - failed.length} converged`,
  );
  for (const { point, call, complaints } of failed)
    say(`    ${point.when} call ${point.at + 1}, ${call}: ${complaints.join('; ')}`);
};

const inMemory = async (afterlife: Outcome['afterlife']): Promise<void> => {
  for (const scenario of everyScenario) {
    const deaths: Outcome[] = [];
    for await (const death of everyDeath(async () => createMemoryCloud(), scenario, afterlife)) deaths.push(death);
    report(deaths);
  }
};

say(
  'The worker dies before and after each of its calls, and its message is seen again when the visibility timeout is over.',
);
if (values.memory) {
  say('On ports in memory:');
  await inMemory('redelivered');
} else {
  say('On the real adapters, over sockets, against the local emulators:');
  await overSockets(Math.min(threadsAtMost, availableParallelism()), report);
}
say('The same, and the queue gives the message up: it comes back as a dead letter. On ports in memory:');
await inMemory('dead letter');
say(JSON.stringify(total));
process.exitCode = total.converged === total.points ? 0 : 1;
