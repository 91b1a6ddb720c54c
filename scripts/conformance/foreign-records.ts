import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import { CannotBeTried, type Check, DidNotHold, type Heading, mustEqual } from './check.ts';
import { foreignMarkers } from './foreign-markers.ts';
import { a, create, raw, remove } from './record-sets.ts';
import { seededZone } from './service.ts';
import { answered, type Steps } from './steps.ts';

type Foreign = NonNullable<RecordSet['foreign']>;

/** That the adapter throws rather than write the set. */
const mustNeverWrite = async ({ service: { store }, zone, signal }: Steps, recordSet: RecordSet): Promise<void> => {
  try {
    const result = await store.submit(zone.id, [remove(recordSet)], 'conformance', signal);
    throw new DidNotHold('the adapter to refuse to write a foreign set', result);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
};

const routed = (
  foreign: Foreign,
  policy: { readonly Weight: number } | { readonly MultiValueAnswer: true },
): Check => ({
  title: `a ${foreign} set is named so, left alone and refused`,
  run: async (steps) => {
    const { name, sendRaw, stands, refuses } = steps;
    const simple = raw('CREATE', a(name, '10.0.4.12')).ResourceRecordSet;
    const made = await sendRaw({
      Action: 'CREATE',
      ResourceRecordSet: { Name: name, Type: 'A', ...simple, SetIdentifier: 'one', ...policy },
    });
    if (made.kind !== 'accepted') throw new DidNotHold('success', made);
    const standing: RecordSet = { ...a(name, '10.0.4.12'), foreign };
    await stands(standing);
    await refuses([create(a(name, '10.0.4.12'))]);
    await refuses([remove(a(name, '10.0.4.12'))]);
    await mustNeverWrite(steps, standing);
  },
});

const alias: Check = {
  title: 'an alias set is named so, left alone and refused',
  run: async (steps) => {
    const { zone, name, reach, sendRaw, stands, refuses } = steps;
    const target = a(`target.${name}`, '10.0.4.12');
    await reach(target);
    const AliasTarget = { HostedZoneId: zone.id, DNSName: `${target.name}.`, EvaluateTargetHealth: false };
    const made = await sendRaw({ Action: 'CREATE', ResourceRecordSet: { Name: name, Type: 'A', AliasTarget } });
    if (made.kind !== 'accepted') throw new DidNotHold('success', made);
    const standing: RecordSet = { name, type: 'A', ttlSeconds: 0, values: [], foreign: 'alias' };
    await stands(target, standing);
    await refuses([create(a(name, '10.0.4.12'))], /already exists/);
    await refuses([remove(a(name, '10.0.4.12'))], /do not match/);
    await mustNeverWrite(steps, standing);
  },
};

/** Kinds that no API call makes in a zone of the run; the local service has a zone that comes with them. */
const seeded = (foreign: Foreign, policy: Partial<LocalRecordSet>, why: string): Check => ({
  title: `a ${foreign} set is named so, left alone and refused`,
  run: async (steps) => {
    const { local, store } = steps.service;
    if (local === undefined) throw new CannotBeTried(why);
    const standing: RecordSet = { ...a(`${foreign}.${seededZone.name}`, '10.0.4.12'), foreign };
    const { name } = standing;
    local.put(seededZone.id, [{ name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'], ...policy }]);
    for (const change of [create, remove]) {
      mustEqual(
        (await store.submit(seededZone.id, [change(a(name, '10.0.4.12'))], 'conformance', steps.signal)).kind,
        'invalid',
      );
      mustEqual(answered(await store.readNames(seededZone.id, [name], steps.signal)), [standing]);
    }
    await mustNeverWrite(steps, standing);
  },
});

/** Record sets that are not postal-endpoint's own. */
export const foreignRecords: Heading = {
  heading: 'Foreign records',
  checks: [
    alias,
    routed('weighted', { Weight: 10 }),
    routed('multivalue', { MultiValueAnswer: true }),
    seeded(
      'health-check',
      { healthCheckId: 'aaaaaaaa-0000-4000-8000-000000000000' },
      'it takes a health check of the account',
    ),
    seeded(
      'traffic-policy',
      { trafficPolicyInstanceId: 'aaaaaaaa-0000-4000-8000-000000000000' },
      'it takes a traffic policy of the account',
    ),
    ...foreignMarkers,
  ],
};
