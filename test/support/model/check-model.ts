import fc from 'fast-check';
import { expect } from 'vitest';
import type { Cloud } from '../cloud/cloud.ts';
import { chosenSeed } from '../random-seed.ts';
import { history } from './action.ts';
import { complaintsAbout } from './invariants.ts';
import { play } from './play.ts';
import { undoEverything } from './undo-everything.ts';

export type ModelRuns = {
  readonly runs: number;
  /** `with`: someone else edits the zone, too. `without`: everything is undone in the end, and nothing may be left. */
  readonly outsider: 'with' | 'without';
  readonly longest: number;
  readonly open: () => Promise<Cloud>;
  /** That of a run that failed, to play it again; a new one each time unless given. */
  readonly seed?: number;
};

/** Plays random histories and holds each against everything that has to be true. The seed is printed; a failure names the shortest history that shows it. */
export const checkModel = async ({ runs, outsider, longest, open, seed = chosenSeed() }: ModelRuns): Promise<void> => {
  process.stdout.write(`${runs} histories ${outsider} an outsider, seed ${seed}\n`);
  let played = 0;
  await fc.assert(
    fc.asyncProperty(history(outsider === 'with', longest), async (actions) => {
      await using cloud = await open();
      const run = await play(cloud, actions);
      expect(await complaintsAbout(run)).toEqual([]);
      if (outsider === 'without') {
        expect(await undoEverything(run)).toEqual([]);
        expect(await cloud.zone()).toEqual([]);
      }
      played += 1;
    }),
    { seed, numRuns: runs },
  );
  expect(played).toBe(runs);
};
