import { describe, expect, it } from 'vitest';
import { bulkScenario } from '../../scripts/crash/bulk-scenario.ts';
import { everyDeath, type Outcome } from '../../scripts/crash/enumerate.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';

describe('a worker that dies at any call of a bulk of thirty names', () => {
  it.for(['redelivered', 'dead letter'] as const)(
    'leaves nothing to clean by hand: %s',
    {
      timeout: 600_000,
    },
    async (afterlife) => {
      const deaths: Outcome[] = [];
      for await (const death of everyDeath(async () => createMemoryCloud(), bulkScenario(10), afterlife))
        deaths.push(death);
      expect(deaths.filter(({ complaints }) => complaints.length > 0)).toEqual([]);
      const calls = new Set(deaths.map(({ call }) => call));
      for (const service of ['Route 53 list', 'Route 53 submit', 'DynamoDB ledger append', 'SQS send', 'Slack edit'])
        expect(calls).toContain(service);
    },
  );
});
