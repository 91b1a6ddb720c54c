import { expect, it } from 'vitest';
import { chainOf, type NameAnswer, wildcardFor } from '../../../lib/core/dns/name-answer.ts';
import { pointersTo } from '../../../lib/core/dns/pointers.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import type { Lookup } from '../../../lib/core/dns/zone-answer.ts';
import type { Targets } from '../../../lib/core/endpoint/definition.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const host = 'a.corp.internal';
const cname = (target: string): Targets => ({ kind: 'cname', cname: hostnameOf(target) });

it('goes by what is registered where a record says otherwise', () => {
  const registered = [{ hostname: hostnameOf('b.corp.internal'), targets: cname('c.corp.internal') }];
  expect(pointersTo(host, registered, [{ name: 'b.corp.internal', target: host }])).toEqual([]);
  expect(pointersTo(host, registered, [{ name: 'd.corp.internal', target: host }])).toEqual([
    { hostname: 'd.corp.internal', as: 'target', isRegistered: false },
  ]);
});

const set: RecordSet = { name: host, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
const answer = (hops: number, wildcard?: string): Lookup<RecordSet> => ({
  hops: Array.from({ length: hops }, () => ({ name: host, zone: 'corp.internal', set })),
  end: { kind: 'records', name: host, zone: 'corp.internal', sets: [set], ...(wildcard !== undefined && { wildcard }) },
});
const named = (a: Lookup<RecordSet>, aaaa: Lookup<RecordSet>): NameAnswer => ({ a, aaaa, failures: new Map() });

it('takes the longer of two chains, and the wildcard of either type', () => {
  const [short, long] = [answer(1), answer(2)];
  expect(chainOf(named(short, long))).toBe(long);
  expect(chainOf(named(long, short))).toBe(long);
  expect(wildcardFor(named(answer(0), answer(0, '*.corp.internal')))).toBe('*.corp.internal');
  expect(wildcardFor(named(answer(0), answer(0)))).toBeUndefined();
});
