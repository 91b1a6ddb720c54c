import { markerName } from '../../lib/core/dns/marker.ts';
import { changeBatch } from '../../lib/core/dns/plan.ts';
import type { RecordChange, RecordSet } from '../../lib/core/dns/record-set.ts';
import { type Heading, mustEqual } from './check.ts';
import { a, addressOf, create, remove, set } from './record-sets.ts';
import type { Steps } from './steps.ts';

const racers = 20;

/** Sends 20 batches at once; exactly one may win. Returns its index. */
const winnerOf = async ({ send }: Steps, batch: (index: number) => readonly RecordChange[]): Promise<number> => {
  const results = await Promise.all(Array.from({ length: racers }, (_, index) => send(...batch(index))));
  mustEqual(results.map(({ kind }) => kind).toSorted(), [
    'accepted',
    ...Array.from({ length: racers - 1 }, () => 'invalid'),
  ]);
  return results.findIndex(({ kind }) => kind === 'accepted');
};

const marker = (name: string, change: number): RecordSet => set(markerName(name), 'TXT', [`"change=${change}"`]);

/** Who comes first, and what the others are told. */
export const races: Heading = {
  heading: 'Races',
  checks: [
    {
      title: 'of 20 concurrent batches that create one name, exactly one wins, with its marker',
      run: async (steps) => {
        const desired = (index: number) => [a(steps.name, addressOf(index)), marker(steps.name, index)];
        const winner = await winnerOf(steps, (index) => desired(index).map(create));
        await steps.stands(...desired(winner));
      },
    },
    {
      title: 'of 20 concurrent batches that change one name, exactly one wins',
      run: async (steps) => {
        await steps.reach(a(steps.name, '10.0.4.12'));
        const winner = await winnerOf(steps, (index) => [
          remove(a(steps.name, '10.0.4.12')),
          create(a(steps.name, addressOf(index))),
        ]);
        await steps.stands(a(steps.name, addressOf(winner)));
      },
    },
    {
      title: 'a record that was edited between plan and approval is not overwritten',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        const planned = changeBatch({ before: [a(name, '10.0.4.12')], after: [a(name, '10.0.4.13')] });
        await reach(a(name, '10.0.4.99'));
        await refuses(planned, /do not match the current values/);
      },
    },
    {
      title: 'a record that was changed away and back is told by its marker',
      run: async ({ name, reach, refuses }) => {
        const first = [a(name, '10.0.4.12'), marker(name, 1)];
        await reach(...first);
        const planned = changeBatch({ before: first, after: [a(name, '10.0.4.14'), marker(name, 4)] });
        await reach(a(name, '10.0.4.13'), marker(name, 2));
        await reach(a(name, '10.0.4.12'), marker(name, 3));
        await refuses(planned, /do not match the current values/);
      },
    },
  ],
};
