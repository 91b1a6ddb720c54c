import type { Cloud } from '../../test/support/cloud/cloud.ts';
import type { CrashPoint } from '../../test/support/cloud/crashing-ports.ts';
import type { Afterlife } from '../../test/support/cloud/office.ts';
import { bulkScenario } from './bulk-scenario.ts';
import type { Deadly } from './enumerate.ts';
import { runScenario } from './run-scenario.ts';
import { scenarios } from './scenario.ts';

/** Everything that workers are let die at: every kind of change, and a bulk. */
export const everyScenario: readonly Deadly[] = [
  ...scenarios.map((scenario) => ({
    name: scenario.name,
    run: (cloud: Cloud, point: CrashPoint | undefined, afterlife: Afterlife) =>
      runScenario(cloud, scenario, point, afterlife),
  })),
  bulkScenario(10),
];
