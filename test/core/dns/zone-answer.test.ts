import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { longestChain, lookUp, type VisibleZone } from '../../../lib/core/dns/zone-answer.ts';

const set = (name: string, type: string, value: string): RecordSet => ({ name, type, ttlSeconds: 60, values: [value] });

const zones: readonly VisibleZone<RecordSet>[] = [
  {
    id: 'Z1',
    name: 'corp.internal',
    recordSets: [
      set('\\052.apps.corp.internal', 'A', '10.0.4.30'),
      set('own.apps.corp.internal', 'TXT', '"here"'),
      set('deep.empty.apps.corp.internal', 'A', '10.0.4.31'),
      set('alias.corp.internal', 'CNAME', 'SMTP.apps.corp.internal.'),
      set('to-mail.corp.internal', 'CNAME', 'in.mail.corp.internal'),
      set('hidden.mail.corp.internal', 'A', '10.0.4.66'),
      set('to-secret.corp.internal', 'CNAME', 'mx.secret.internal'),
      set('to-public.corp.internal', 'CNAME', 'mx.example.com'),
      set('gone.corp.internal', 'CNAME', 'nobody.corp.internal'),
      set('one.corp.internal', 'CNAME', 'two.corp.internal'),
      set('two.corp.internal', 'CNAME', 'one.corp.internal'),
      ...Array.from({ length: longestChain + 1 }, (_, index) =>
        set(`c${index}.corp.internal`, 'CNAME', `c${index + 1}.corp.internal`),
      ),
    ],
  },
  { id: 'Z2', name: 'mail.corp.internal', recordSets: [set('in.mail.corp.internal', 'A', '10.0.5.1')] },
  { id: 'Z3', name: 'secret.internal' },
];

describe('lookUp', () => {
  test.each([
    ['a name below a wildcard', 'smtp.apps.corp.internal', 'records'],
    ['two labels below a wildcard', 'a.smtp.apps.corp.internal', 'records'],
    ['another type of a name below a wildcard', 'smtp.apps.corp.internal', 'no-data', 'AAAA'],
    ['a name of its own below a wildcard, of another type', 'own.apps.corp.internal', 'no-data'],
    ['a name below a name of its own', 'a.own.apps.corp.internal', 'no-such-name'],
    ['an empty non-terminal below a wildcard', 'empty.apps.corp.internal', 'no-data'],
    ['a name below an empty non-terminal', 'a.empty.apps.corp.internal', 'no-such-name'],
    ['the name above a wildcard', 'apps.corp.internal', 'no-data'],
    ['a chain that ends at a wildcard', 'alias.corp.internal', 'records'],
    ['a chain into a more specific zone', 'to-mail.corp.internal', 'records'],
    ['a name that a more specific zone hides', 'hidden.mail.corp.internal', 'no-such-name'],
    ['a chain into a zone that may not be read', 'to-secret.corp.internal', 'could-not-look'],
    ['a chain out of the zones', 'to-public.corp.internal', 'outside'],
    ['a chain whose last name is missing', 'gone.corp.internal', 'no-such-name'],
    ['a loop', 'one.corp.internal', 'loop'],
    ['a chain that is too long', 'c0.corp.internal', 'too-long'],
  ] as const)('%s', (_, name, end, type: string = 'A') => {
    expect(lookUp(zones, name, type).end.kind).toBe(end);
  });

  test('a broken chain keeps its links and names the missing one', () => {
    const { hops, end } = lookUp(zones, 'gone.corp.internal', 'A');
    expect(hops.map(({ name }) => name)).toEqual(['gone.corp.internal']);
    expect(end).toEqual({ kind: 'no-such-name', name: 'nobody.corp.internal', zone: 'corp.internal' });
  });

  test('a wildcard is named', () => {
    expect(lookUp(zones, 'alias.corp.internal', 'A').end).toMatchObject({
      name: 'smtp.apps.corp.internal',
      wildcard: '\\052.apps.corp.internal',
    });
  });
});
