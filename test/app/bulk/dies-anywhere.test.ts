import { expect, it } from 'vitest';
import { bulkScenario } from '../../../scripts/crash/bulk-scenario.ts';
import { everyDeath } from '../../../scripts/crash/enumerate.ts';
import { createMemoryCloud } from '../../support/cloud/memory-cloud.ts';

it.each(['redelivered', 'dead letter'] as const)(
  'a bulk of three names is carried to its end wherever the worker dies: %s',
  {
    timeout: 60_000,
  },
  async (afterlife) => {
    for await (const { point, call, complaints } of everyDeath(
      async () => createMemoryCloud(),
      bulkScenario(1),
      afterlife,
    ))
      expect(complaints, `${point.when} call ${point.at + 1}, ${call}`).toEqual([]);
  },
);
