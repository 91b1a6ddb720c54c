import { setTimeout } from 'node:timers/promises';
import { check, DidNotHold, type Heading, mustEqual, needing } from '../check.ts';
import { answered } from '../steps.ts';

/** How often a change is asked for, where it takes up to a minute. */
const pollMs = 100;

const nameOfRefusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'success',
    (error) => error.name,
  );

/** Zones by id, their VPCs, their rivals, and their end. */
export const zonesHeading: Heading = {
  heading: 'Zones',
  checks: [
    check('two zones of one name in one VPC are refused', async ({ subject, zone, signal }) =>
      mustEqual(await nameOfRefusal(subject.zones.create(zone.name, subject.vpc, signal)), 'ConflictingDomainExists'),
    ),
    check(
      'a private zone is known as private, with its VPC, by its id with and without prefix',
      async ({ subject, zone, signal }) => {
        for (const id of [zone.id, `/hostedzone/${zone.id}`]) {
          mustEqual(answered(await subject.store.inspectZone(id, signal)).zone, {
            ...zone,
            isPrivate: true,
            vpcs: [subject.vpc],
          });
        }
      },
    ),
    needing(
      ['public-zones'],
      'a public zone is known as public, and has no rival',
      async ({ subject, zone, name, signal }) => {
        const open = await subject.zones.create(`public-${name}`, 'public', signal);
        const inspected = answered(await subject.store.inspectZone(open.id, signal));
        mustEqual([inspected.zone.isPrivate, inspected.zone.vpcs, answered(inspected.rivals)], [false, [], []]);
        // The same name below a private zone is no rival either: a VPC does not see public zones as its own.
        const { rivals } = answered(await subject.store.inspectZone(zone.id, signal));
        mustEqual(
          answered(rivals).some(({ id }) => id === open.id),
          false,
        );
      },
    ),
    check(
      'a zone below it in the same VPC is seen as a rival; one beside and one above it are not',
      async ({ subject, zone, name, signal }) => {
        const own = await subject.zones.create(name, subject.vpc, signal);
        const below = await subject.zones.create(`below.${name}`, subject.vpc, signal);
        await subject.zones.create(`not-${name}`, subject.vpc, signal);
        const rivals = answered(answered(await subject.store.inspectZone(own.id, signal)).rivals);
        mustEqual(rivals, [{ ...below, isPrivate: true, vpcs: [subject.vpc] }]);
        mustEqual(zone.id === own.id, false);
      },
    ),
    needing(
      ['second-vpc'],
      'a rival names the VPCs that it shares, and one that shares none is not a rival',
      async ({ subject, name, signal }) => {
        const { zones, vpc, secondVpc = vpc } = subject;
        const own = await zones.create(name, vpc, signal);
        const elsewhere = await zones.create(name, secondVpc, signal);
        const below = await zones.create(`below.${name}`, secondVpc, signal);
        const rivalsOf = async () => answered(answered(await subject.store.inspectZone(own.id, signal)).rivals);
        mustEqual(await rivalsOf(), []);
        await zones.delete(elsewhere.id, signal);
        await zones.associate(own.id, secondVpc, signal);
        mustEqual(await rivalsOf(), [{ ...below, isPrivate: true, vpcs: [secondVpc] }]);
        const { vpcs } = answered(await subject.store.inspectZone(own.id, signal)).zone;
        mustEqual(vpcs.map(({ id }) => id).toSorted(), [vpc.id, secondVpc.id].toSorted());
      },
    ),
    check('a zone with records is not deleted', async ({ subject, zone, signal, reach, has }) => {
      await reach('@ 60 A 10.0.4.12');
      mustEqual(await nameOfRefusal(subject.zones.delete(zone.id, signal)), 'HostedZoneNotEmpty');
      await has('@ 60 A 10.0.4.12');
    }),
    check(
      'a zone that is gone is "no such zone", for every method, and its id is said',
      async ({ subject, name: own, signal }) => {
        const { id, name } = await subject.zones.create(own, subject.vpc, signal);
        await subject.zones.delete(id, signal);
        const change = {
          action: 'CREATE',
          recordSet: { name: `a.${name}`, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] },
        } as const;
        const sent = await subject.store.submit(id, [change], 'conformance', signal);
        const results = [
          await subject.store.readNames(id, [name], signal),
          await subject.store.inspectZone(id, signal),
          await subject.listing.list(id, signal),
          sent.kind === 'failed' ? { ok: false as const, failure: sent.failure } : { ok: true as const },
        ];
        for (const result of results) {
          if (result.ok || result.failure.kind !== 'no-such-zone' || !result.failure.message.includes(id))
            throw new DidNotHold(`"no such zone" with ${id}`, result);
        }
      },
    ),
  ],
};

/** PENDING, INSYNC, and neither. */
export const changeStatus: Heading = {
  heading: 'Change status',
  checks: [
    check(
      'a change is PENDING and visible when it is accepted, and INSYNC later',
      async ({ subject, signal, reach, has }) => {
        const id = await reach('@ 60 A 10.0.4.12');
        const until = AbortSignal.timeout(subject.checkDeadlineMs / 2);
        while (answered(await subject.store.changeStatus(`/change/${id}`, signal)) !== 'INSYNC') {
          if (until.aborted) throw new DidNotHold(`INSYNC within ${subject.checkDeadlineMs / 2} ms`, 'PENDING');
          await setTimeout(pollMs, undefined, { signal });
        }
        await has('@ 60 A 10.0.4.12');
      },
    ),
    needing(
      ['control'],
      'a change may stay PENDING for ever, and is visible',
      async ({ subject, signal, reach, has }) => {
        subject.control?.holdPending(true);
        const id = await reach('@ 60 A 10.0.4.12').finally(() => subject.control?.holdPending(false));
        await setTimeout(2 * pollMs, undefined, { signal });
        mustEqual(answered(await subject.store.changeStatus(id, signal)), 'PENDING');
        await has('@ 60 A 10.0.4.12');
      },
    ),
    check('an unknown change id is NoSuchChange, and the adapter does not ask again', async ({ subject, signal }) => {
      const unknown = await subject.store.changeStatus('C00000000000000000000', signal);
      mustEqual(unknown.ok || [unknown.failure.kind, unknown.failure.message.split(':')[0]], [
        'denied',
        'NoSuchChange',
      ]);
    }),
  ],
};
