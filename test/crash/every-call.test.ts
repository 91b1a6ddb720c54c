import { describe, expect, it } from 'vitest';
import { everyDeath, type Outcome } from '../../scripts/crash/enumerate.ts';
import { runScenario } from '../../scripts/crash/run-scenario.ts';
import { scenarios } from '../../scripts/crash/scenario.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';

const open = async () => createMemoryCloud();

/** In a worker's life there are at least these services to die at. */
const services = [
  'Route 53 readNames',
  'Route 53 submit',
  'DynamoDB ledger append',
  'DynamoDB state put',
  'SQS send',
  'SQS delete',
  'Slack post',
  'Slack reply',
];

describe.each(['redelivered', 'dead letter'] as const)('a worker that dies, its message %s', (afterlife) => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    'at any call of %s leaves nothing to clean by hand',
    async (_, scenario) => {
      const deaths: Outcome[] = [];
      for await (const death of everyDeath(
        open,
        { name: scenario.name, run: (cloud, point, after) => runScenario(cloud, scenario, point, after) },
        afterlife,
      ))
        deaths.push(death);
      expect(deaths.filter(({ complaints }) => complaints.length > 0)).toEqual([]);
      const calls = new Set(deaths.map(({ call }) => call));
      for (const service of services)
        expect(calls.has(service) || (scenario.ends === 'rejected' && service === 'Route 53 submit')).toBe(true);
      for (const { point, call, repeats } of deaths)
        expect(repeats).toBeLessThanOrEqual(point.when === 'after' && call === 'Slack post' ? 1 : 0);
    },
  );
});
