import type { Cloud } from '../../test/support/cloud/cloud.ts';
import type { CrashPoint } from '../../test/support/cloud/crashing-ports.ts';
import type { Afterlife } from '../../test/support/cloud/office.ts';
import type { Run } from './run-scenario.ts';

/** One death of a worker, and the result. */
export type Outcome = {
  readonly scenario: string;
  readonly point: CrashPoint;
  readonly call: string;
  readonly afterlife: Afterlife;
  readonly complaints: readonly string[];
  readonly repeats: number;
};

/** Something that a worker does, and may die at. */
export type Deadly = {
  readonly name: string;
  readonly run: (cloud: Cloud, point: CrashPoint | undefined, afterlife: Afterlife) => Promise<Run>;
};

/** How many calls a scenario makes when nothing disturbs it. Throws when even then it does not converge. */
export const countCalls = async (open: () => Promise<Cloud>, scenario: Deadly): Promise<readonly string[]> => {
  await using cloud = await open();
  const { calls, judgement } = await scenario.run(cloud, undefined, 'redelivered');
  if (judgement.complaints.length > 0)
    throw new Error(`${scenario.name}, undisturbed: ${judgement.complaints.join('; ')}`);
  return calls;
};

/** Lets the worker die before and after every call of a scenario, each time in a cloud of its own. */
export async function* everyDeath(
  open: () => Promise<Cloud>,
  scenario: Deadly,
  afterlife: Afterlife,
): AsyncGenerator<Outcome> {
  const calls = await countCalls(open, scenario);
  for (const [at, call] of calls.entries()) {
    for (const when of ['before', 'after'] as const) {
      await using cloud = await open();
      const point = { at, when };
      const { judgement } = await scenario.run(cloud, point, afterlife);
      yield { scenario: scenario.name, point, call, afterlife, ...judgement };
    }
  }
}
