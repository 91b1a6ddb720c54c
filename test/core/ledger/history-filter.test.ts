import { expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/ledger/entry.ts';
import { chosenEntries } from '../../../lib/core/ledger/history-filter.ts';
import { earlierVersion } from '../../support/earlier-version.ts';

const entries = earlierVersion('upgrade')
  .lines('ledger.jsonl')
  .map((line): Entry => JSON.parse(line));
const stream = (name: string): readonly Entry[] => entries.filter((entry) => entry.stream === name);
const gitlab = stream('gitlab.mail.corp.internal');
const all = { sinceMs: 0, by: undefined, target: undefined };

it('leaves out what is older', () => {
  const [first, second] = gitlab;
  expect(chosenEntries(gitlab, { ...all, sinceMs: Date.parse(first?.at ?? '') })).toHaveLength(gitlab.length);
  const younger = chosenEntries(gitlab, { ...all, sinceMs: Date.parse(second?.at ?? '') + 1 });
  expect(younger.length).toBeLessThan(gitlab.length);
  expect(younger.length).toBeGreaterThan(0);
});

it('takes a target for changed only where the record of the hostname itself changes', () => {
  const chosen = chosenEntries(gitlab, { ...all, target: '10.0.4.22' });
  expect(chosen.length).toBeGreaterThan(0);
  expect(chosenEntries(gitlab, { ...all, target: '10.99.99.99' })).toEqual([]);
});
