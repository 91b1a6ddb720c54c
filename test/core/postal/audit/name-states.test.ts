import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareReversedLabels } from '../../../../lib/core/dns/reversed-label-order.ts';
import { lookUp } from '../../../../lib/core/dns/zone-answer.ts';
import { nameState, nameStates } from '../../../../lib/core/postal/audit/name-states.ts';

const zone = { id: 'Z0CORP', name: 'corp.internal' };

it('says of each name what a look-up in the whole zone says', () => {
  const label = fc.constantFrom('a', 'b', 'c', '\\052');
  const below = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.${zone.name}`);
  const recordSet = fc
    .record({ name: below, type: fc.constantFrom('A', 'AAAA', 'CNAME', 'TXT'), target: below })
    .map(({ name, type, target }) => ({ name, type, values: [type === 'CNAME' ? target : '10.0.4.12'] }));
  fc.assert(
    fc.property(
      fc.array(recordSet, { maxLength: 12 }),
      fc.array(below, { minLength: 1, maxLength: 6 }),
      (sets, names) => {
        const recordSets = sets.toSorted((one, other) => compareReversedLabels(one.name, other.name));
        const whole = [{ ...zone, recordSets }];
        const expected = names.map((name) => nameState(lookUp(whole, name, 'A'), lookUp(whole, name, 'AAAA')));
        const found = nameStates(names, whole);
        expect(names.map((name) => found.get(name))).toEqual(expected);
      },
    ),
    { numRuns: 300, seed: 20261130 },
  );
});

it('knows nothing of names outside of the zones, and of those in a zone that could not be read', () => {
  expect([...nameStates(['a.example', 'b.corp.internal'], [zone])]).toEqual([
    ['a.example', 'unknown'],
    ['b.corp.internal', 'unknown'],
  ]);
});
