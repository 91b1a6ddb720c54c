import { markerName } from '../../lib/core/dns/marker.ts';
import { type ChangeVerb, changeBatch, changeVerbs, recordSetsOf } from '../../lib/core/dns/plan.ts';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { type Drift, driftOf } from '../../lib/core/dns/registered.ts';
import { parseHostname } from '../../lib/core/endpoint/hostname.ts';
import { type Check, mustEqual } from './check.ts';
import { a, set } from './record-sets.ts';

/** The record sets of one address at `name` as its change number `generation` leaves them: the record, and the marker beside it. */
const registered = (
  name: string,
  generation: number,
  address: string,
): readonly [record: RecordSet, marker: RecordSet] => {
  const parsed = parseHostname(name);
  if (!('hostname' in parsed)) throw new TypeError(`${name} is no hostname`);
  const targets = { kind: 'addresses', addresses: [address] } as const;
  const definition = { hostname: parsed.hostname, targets, port: 25, sslMode: 'Auto', ttlSeconds: 60 } as const;
  const [record, marker] = recordSetsOf(definition, { changeId: `conformance-${generation}`, generation });
  if (record === undefined || marker === undefined)
    throw new TypeError('a definition of one address is a record and a marker');
  return [record, marker];
};

/** What each verb would do that took the name for its own, or for free. */
const plansOf = (
  name: string,
): Readonly<Record<ChangeVerb, { readonly before: readonly RecordSet[]; readonly after: readonly RecordSet[] }>> => {
  const [first, second] = [registered(name, 1, '10.0.4.12'), registered(name, 2, '10.0.4.13')];
  return {
    add: { before: [], after: second },
    update: { before: first, after: second },
    remove: { before: first, after: [] },
    undo: { before: second, after: first },
    failover: { before: first, after: second },
    // Adopting takes over what it has shown: here something else stands by now.
    adopt: { before: [a(name, '10.0.4.99')], after: second },
  };
};

const untouched = (title: string, drift: Drift['kind'], standingAt: (name: string) => readonly RecordSet[]): Check => ({
  title: `${title} is known as "${drift}" and untouched by ${changeVerbs.join(', ')}`,
  run: async ({ name, reach, refuses, read }) => {
    const standing = standingAt(name);
    await reach(...standing);
    mustEqual(driftOf(name, registered(name, 1, '10.0.4.12'), await read(name, markerName(name))).kind, drift);
    const plans = plansOf(name);
    for (const verb of changeVerbs) await refuses(changeBatch(plans[verb]));
  },
});

/** Names whose record or marker is missing or of somebody else. */
export const foreignMarkers: readonly Check[] = [
  untouched('a record without marker', 'record-only', (name) => [registered(name, 1, '10.0.4.12')[0]]),
  untouched('a marker without record', 'marker-only', (name) => [registered(name, 1, '10.0.4.12')[1]]),
  untouched("a record with the marker of another change of another owner's", 'foreign', (name) => {
    const [record, marker] = registered(name, 1, '10.0.4.12');
    return [
      record,
      { ...marker, values: marker.values.map((value) => value.replace('conformance-1', 'somebody-else')) },
    ];
  }),
  untouched('a record with a text of another owner at the name of the marker', 'foreign', (name) => [
    registered(name, 1, '10.0.4.12')[0],
    set(markerName(name), 'TXT', ['"heritage=external-dns,external-dns/owner=default"']),
  ]),
];
