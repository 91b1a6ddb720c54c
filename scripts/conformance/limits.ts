import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { type Check, type Heading, mustEqual } from './check.ts';
import { a, addressOf, create, raw, set } from './record-sets.ts';
import type { Steps } from './steps.ts';

const hosts = (name: string, count: number): readonly RecordSet[] =>
  Array.from({ length: count }, (_, index) => a(`host-${index}.${name}`, addressOf(index)));

/** TXT sets of 250 characters each, quotes counted, the last one with so many more. */
const texts = (name: string, count: number, more = 0): readonly RecordSet[] =>
  Array.from({ length: count }, (_, index) =>
    set(`text-${index}.${name}`, 'TXT', [`"${'x'.repeat(248 + (index === count - 1 ? more : 0))}"`]),
  );

const upserts = (name: string, count: number) => hosts(name, count).map((recordSet) => raw('UPSERT', recordSet));

/** Whether a batch this large was taken as a whole is seen at its two ends: reading a thousand names would take minutes. */
const endsStand = async ({ read }: Steps, recordSets: readonly RecordSet[]): Promise<void> => {
  const ends = [recordSets[0], recordSets.at(-1)].filter((recordSet) => recordSet !== undefined);
  mustEqual(await read(...ends.map(({ name }) => name)), ends);
};

const atTheEdge = (title: string, recordSetsAt: (name: string) => readonly RecordSet[]): Check => ({
  title,
  run: async (steps) => {
    const recordSets = recordSetsAt(steps.name);
    mustEqual((await steps.send(...recordSets.map(create))).kind, 'accepted');
    await endsStand(steps, recordSets);
  },
});

const overTheEdge = (what: string, recordSetsOver: (name: string) => readonly RecordSet[], limit: RegExp): Check => ({
  title: `${what} are refused by the service, and by the adapter before sending`,
  run: async ({ name, refuses, refusesRaw }) => {
    const recordSets = recordSetsOver(name);
    await refusesRaw(
      recordSets.map((recordSet) => raw('CREATE', recordSet)),
      limit,
    );
    await refuses(recordSets.map(create), /Route 53 takes at most/);
  },
});

/** What one change batch may hold. */
export const limits: Heading = {
  heading: 'Limits',
  checks: [
    atTheEdge('1,000 records are accepted', (name) => hosts(name, 1_000)),
    overTheEdge('1,001 records', (name) => hosts(name, 1_001), /1,?000/),
    atTheEdge('32,000 characters of values are accepted', (name) => texts(name, 128)),
    overTheEdge('32,001 characters of values', (name) => texts(name, 128, 1), /32,?000/),
    {
      title: 'an UPSERT counts twice: 500 are accepted, 501 are refused',
      run: async (steps) => {
        await steps.refusesRaw(upserts(steps.name, 501), /1,?000/);
        mustEqual((await steps.sendRaw(...upserts(steps.name, 500))).kind, 'accepted');
        await endsStand(steps, hosts(steps.name, 500));
      },
    },
  ],
};
