import { expect, it } from 'vitest';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { isDefinedSo, isInState, readFilter } from '../../../lib/core/filter/endpoint-filter.ts';
import type { FilterTexts } from '../../../lib/core/grammar/filter-parts.ts';

const definition: Pick<Definition, 'targets' | 'standby' | 'owner'> & { hostname: string } = {
  hostname: 'gitlab.mail.corp.internal',
  targets: { kind: 'addresses', addresses: ['fd00::12'] },
  standby: { kind: 'addresses', addresses: ['10.0.4.99'] },
  owner: 'U0MARIA',
};
const filterOf = (texts: FilterTexts) => {
  const read = readFilter(texts);
  if (!read.ok) throw new Error(read.lines.join(' '));
  return read.filter;
};

it.each<[FilterTexts, boolean]>([
  [{}, true],
  [{ hostname: 'all' }, true],
  [{ hostname: 'GitLab.mail.corp.internal.' }, true],
  [{ hostname: '*.mail.corp.internal' }, true],
  [{ hostname: '*.git.corp.internal' }, false],
  [{ hostname: 'U0MARIA' }, true],
  [{ target: 'FD00:0::12' }, true],
  [{ target: '10.0.4.99' }, true],
  [{ target: '10.0.4.12' }, false],
  [{ owner: 'U0MARIA' }, true],
  [{ owner: 'U0LI' }, false],
  [{ hostname: '*.mail.corp.internal', target: 'fd00::12', owner: 'U0MARIA' }, true],
  [{ hostname: '*.mail.corp.internal', target: 'fd00::12', owner: 'U0LI' }, false],
])('%j chooses it: %s', (texts, expected) => {
  expect(isDefinedSo(filterOf(texts), definition)).toBe(expected);
});

it('chooses by state, and by whether alerts are muted', () => {
  const mute = { hostname: definition.hostname, fromMs: 0, untilMs: 1, by: 'U0MARIA' };
  expect(isInState(filterOf({ state: 'DOWN' }), { state: 'down' })).toBe(true);
  expect(isInState(filterOf({ state: 'down' }), { state: 'up' })).toBe(false);
  expect(isInState(filterOf({ state: 'muted' }), { state: 'up' })).toBe(false);
  expect(isInState(filterOf({ state: 'muted' }), { state: 'up', mute })).toBe(true);
});

it('finds every mistake at once, each with what would be right', () => {
  const read = readFilter({ hostname: 'a b', target: '10.0.4', state: 'broken', inPostal: 'maybe' });
  expect(read.ok ? [] : read.lines).toEqual([
    expect.stringMatching(/^hostname: .* Write /),
    expect.stringMatching(/^target: /),
    'state: unknown state "broken". Write down, drifted, plaintext, degraded, inconclusive, up or muted.',
    'in-postal: "maybe" is neither yes nor no. Write --in-postal yes or --in-postal no.',
  ]);
});
