import { type Check, check, type Heading, mustEqual, reach, refuse } from '../check.ts';
import type { Steps } from '../steps.ts';

const addressOf = (index: number): string => `10.1.${index >> 8}.${index & 255}`;

const hosts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `host-${index}.@ 60 A ${addressOf(index)}`);

/** TXT sets of 250 characters each, quotes counted, the last one with so many more. */
const texts = (count: number, more = 0): readonly string[] =>
  Array.from(
    { length: count },
    (_, index) => `text-${index}.@ 60 TXT "${'x'.repeat(248 + (index === count - 1 ? more : 0))}"`,
  );

const signed = (sign: string, recordSets: readonly string[]) => recordSets.map((recordSet) => `${sign} ${recordSet}`);

/** Whether a batch this large was taken as a whole shows at its two ends: reading a thousand names would take minutes. */
const isTaken = (title: string, sign: string, recordSets: readonly string[]): Check =>
  check(`${title} are accepted`, async ({ send, read, name }) => {
    mustEqual((await send(...signed(sign, recordSets))).kind, 'accepted');
    const ends = [recordSets[0], recordSets.at(-1)].map((line = '') => line.split(' ')[0]?.replace('@', name) ?? '');
    mustEqual(
      (await read(...ends)).map((found) => found.name),
      ends,
    );
  });

/** What one change batch may hold. */
export const limits: Heading = {
  heading: 'Limits',
  checks: [
    isTaken('1,000 records', '+', hosts(1_000)),
    isTaken('32,000 characters of values', '+', texts(128)),
    isTaken('500 UPSERTs, which count twice,', '~', hosts(500)),
    check(
      '1,001 records are refused by the service, and by the adapter before sending',
      refuse(signed('+!', hosts(1_001)), /1,?000/),
      refuse(signed('+', hosts(1_001)), /1,?000/),
    ),
    check(
      '32,001 characters of values are refused by the service, and by the adapter before sending',
      refuse(signed('+!', texts(128, 1)), /32,?000/),
      refuse(signed('+', texts(128, 1)), /32,?000/),
    ),
    check('501 UPSERTs are refused', refuse(signed('~', hosts(501)), /1,?000/)),
  ],
};

const racers = 20;

/** Sends 20 batches at once; exactly one may win, and what it wants is there. */
const oneWins = async (
  steps: Steps,
  removed: readonly string[],
  wanted: (index: number) => readonly string[],
): Promise<void> => {
  const results = await Promise.all(
    Array.from({ length: racers }, (_, index) => steps.send(...signed('-', removed), ...signed('+', wanted(index)))),
  );
  mustEqual(results.map(({ kind }) => kind).toSorted(), [
    'accepted',
    ...Array.from({ length: racers - 1 }, () => 'invalid'),
  ]);
  await steps.has(...wanted(results.findIndex(({ kind }) => kind === 'accepted')));
};

const markerOf = (change: number): string => `_postal-endpoint.@ 60 TXT "change=${change}"`;
const changed = /do not match the current values/;

/** Who comes first, and what the others are told. */
export const races: Heading = {
  heading: 'Races',
  checks: [
    check('of 20 concurrent batches that create one name, exactly one wins, with its marker', (steps) =>
      oneWins(steps, [], (index) => [`@ 60 A ${addressOf(index)}`, markerOf(index)]),
    ),
    check('of 20 concurrent batches that change one name, exactly one wins', reach('@ 60 A 10.0.4.12'), (steps) =>
      oneWins(steps, ['@ 60 A 10.0.4.12'], (index) => [`@ 60 A ${addressOf(index)}`]),
    ),
    check(
      'a record that was edited between plan and approval is not overwritten',
      reach('@ 60 A 10.0.4.12'),
      reach('@ 60 A 10.0.4.99'),
      refuse(['- @ 60 A 10.0.4.12', '+ @ 60 A 10.0.4.13'], changed),
    ),
    check(
      'a record that was changed away and back is known by its marker',
      reach('@ 60 A 10.0.4.12', markerOf(1)),
      reach('@ 60 A 10.0.4.13', markerOf(2)),
      reach('@ 60 A 10.0.4.12', markerOf(3)),
      refuse(['- @ 60 A 10.0.4.12', `- ${markerOf(1)}`, '+ @ 60 A 10.0.4.14', `+ ${markerOf(4)}`], changed),
    ),
  ],
};
