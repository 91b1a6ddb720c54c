import { markerName } from '../../../lib/core/dns/marker.ts';
import { type ChangeVerb, changeBatch, changeVerbs, recordSetsOf } from '../../../lib/core/dns/plan.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { type Drift, driftOf } from '../../../lib/core/dns/registered.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { type Check, check, DidNotHold, type Heading, mustEqual, needing, type Step } from '../check.ts';
import type { Steps } from '../steps.ts';

type Foreign = NonNullable<RecordSet['foreign']>;
type Put = Extract<Step, { kind: 'put' }>['recordSet'];

const aliasTarget = { hostedZoneId: 'ZELB', dnsName: 'lb.example.com.', evaluateTargetHealth: false };
const kinds: readonly (readonly [Foreign, Put])[] = [
  ['alias', { aliasTarget }],
  ['weighted', { setIdentifier: 'one', weight: 10 }],
  ['latency', { setIdentifier: 'one', region: 'eu-central-1' }],
  ['failover', { setIdentifier: 'one', failover: 'PRIMARY' }],
  ['geolocation', { setIdentifier: 'one', geoLocationCountry: 'DE' }],
  ['multivalue', { setIdentifier: 'one', multiValueAnswer: true }],
  ['health-check', { healthCheckId: 'aaaaaaaa-0000-4000-8000-000000000000' }],
  ['traffic-policy', { trafficPolicyInstanceId: 'aaaaaaaa-0000-4000-8000-000000000000' }],
];

/** That a simple set is neither created beside the foreign one nor deleted in its place, and that the adapter throws rather than write it. */
const leftAlone =
  (foreign: Foreign) =>
  async ({ subject: { store }, zone, name, signal, read }: Steps): Promise<void> => {
    const before = await read(name);
    mustEqual(
      before.map((found) => found.foreign),
      [foreign],
    );
    const simple = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
    for (const action of ['CREATE', 'DELETE'] as const) {
      mustEqual((await store.submit(zone.id, [{ action, recordSet: simple }], 'conformance', signal)).kind, 'invalid');
    }
    mustEqual(await read(name), before);
    const [standing = simple] = before;
    const written = await store
      .submit(zone.id, [{ action: 'DELETE', recordSet: standing }], 'conformance', signal)
      .catch((error) => error);
    if (!(written instanceof TypeError)) throw new DidNotHold('the adapter to refuse to write a foreign set', written);
  };

/** The record sets of one address at `name` as its change number `generation` leaves them: the record, and the marker beside it. */
const registered = (name: string, generation: number, address: string): readonly RecordSet[] => {
  const parsed = parseHostname(name);
  if (!('hostname' in parsed)) throw new TypeError(`${name} is not a hostname`);
  const targets = { kind: 'addresses', addresses: [address] } as const;
  const definition = { hostname: parsed.hostname, targets, port: 25, sslMode: 'Auto', ttlSeconds: 60 } as const;
  return recordSetsOf(definition, { changeId: `conformance-${generation}`, generation });
};

/** What each verb would send that took the name for its own, or for free. */
const batchOf = (verb: ChangeVerb, name: string) => {
  const [first, second] = [registered(name, 1, '10.0.4.12'), registered(name, 2, '10.0.4.13')];
  const shown = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.99'] };
  const sides: Readonly<
    Record<ChangeVerb, { readonly before: readonly RecordSet[]; readonly after: readonly RecordSet[] }>
  > = {
    add: { before: [], after: second },
    update: { before: first, after: second },
    remove: { before: first, after: [] },
    undo: { before: second, after: first },
    failover: { before: first, after: second },
    // `adopt` takes over what it has shown, but here the record has changed since.
    adopt: { before: [shown], after: second },
  };
  return changeBatch(sides[verb]);
};

const lines = (recordSets: readonly RecordSet[]): readonly string[] =>
  recordSets.map(({ name, type, ttlSeconds, values }) => `${name} ${ttlSeconds} ${type} ${values.join(' | ')}`);

const untouched = (
  title: string,
  drift: Drift['kind'],
  presentAt: (own: readonly RecordSet[], name: string) => readonly RecordSet[],
): Check =>
  check(`${title} is known as "${drift}" and untouched by ${changeVerbs.join(', ')}`, async (steps) => {
    const { subject, zone, name, signal, reach, read } = steps;
    const own = registered(name, 1, '10.0.4.12');
    await reach(...lines(presentAt(own, name)));
    const before = await read(name, markerName(name));
    mustEqual(driftOf(name, own, before).kind, drift);
    for (const verb of changeVerbs) {
      mustEqual((await subject.store.submit(zone.id, batchOf(verb, name), 'conformance', signal)).kind, 'invalid');
    }
    mustEqual(await read(name, markerName(name)), before);
  });

/** Record sets that are not postal-endpoint's own. */
export const foreignRecords: Heading = {
  heading: 'Foreign records',
  checks: [
    ...kinds.map(([foreign, recordSet]) =>
      needing(
        ['control'],
        `a set that is foreign by ${foreign} is named so, left alone and refused`,
        { kind: 'put', recordSet, line: foreign === 'alias' ? '@ 0 A' : '@ 60 A 10.0.4.12' },
        leftAlone(foreign),
      ),
    ),
    check('an alias that the API made is named so, left alone and refused', async (steps) => {
      const { subject, zone, name, signal, reach } = steps;
      await reach('target.@ 60 A 10.0.4.12');
      const own = { hostedZoneId: zone.id, dnsName: `target.${name}.`, evaluateTargetHealth: false };
      const alias = { name, type: 'A', values: [], aliasTarget: own };
      mustEqual((await subject.sendRaw(zone.id, [{ action: 'CREATE', recordSet: alias }], signal)).kind, 'accepted');
      await leftAlone('alias')(steps);
    }),
    ...kinds
      .filter(([kind]) => kind === 'weighted' || kind === 'multivalue')
      .map(([foreign, policy]) =>
        check(`a ${foreign} set that the API made is named so, left alone and refused`, async (steps) => {
          const recordSet = { name: steps.name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'], ...policy };
          mustEqual(
            (await steps.subject.sendRaw(steps.zone.id, [{ action: 'CREATE', recordSet }], steps.signal)).kind,
            'accepted',
          );
          await leftAlone(foreign)(steps);
        }),
      ),
    needing(
      ['control'],
      'more sets at one name than a page holds are all read',
      async ({ subject, zone, name, read }) => {
        const simple = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
        subject.control?.put(
          zone.id,
          Array.from({ length: 45 }, (_, weight) => ({ ...simple, setIdentifier: `set-${weight}`, weight })),
        );
        mustEqual((await read(name)).length, 45);
      },
    ),
    untouched('a record without marker', 'record-only', (own) => own.slice(0, 1)),
    untouched('a marker without record', 'marker-only', (own) => own.slice(1)),
    untouched('a record with the marker of another change', 'foreign', (own) =>
      own.map((set) => ({
        ...set,
        values: set.values.map((value) => value.replace('conformance-1', 'somebody-else')),
      })),
    ),
    untouched("a record with another owner's text at the marker's name", 'foreign', (own, name) => [
      ...own.slice(0, 1),
      {
        name: markerName(name),
        type: 'TXT',
        ttlSeconds: 60,
        values: ['"heritage=external-dns,external-dns/owner=default"'],
      },
    ]),
  ],
};
