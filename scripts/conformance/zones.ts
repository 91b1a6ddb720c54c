import {
  AssociateVPCWithHostedZoneCommand,
  ConflictingDomainExists,
  DeleteHostedZoneCommand,
  HostedZoneNotEmpty,
  Route53ServiceException,
} from '@aws-sdk/client-route-53';
import { CannotBeTried, DidNotHold, type Heading, mustEqual } from './check.ts';
import { a, create } from './record-sets.ts';
import { answered } from './steps.ts';

/** What a promise was refused with by the service; undefined when it was not. */
const refusalOf = async (call: Promise<unknown>): Promise<Route53ServiceException | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof Route53ServiceException) return error;
    throw error;
  }
};

/** Zones by id, their VPCs, their rivals, and their end. */
export const zonesHeading: Heading = {
  heading: 'Zones',
  checks: [
    {
      title: 'an id with and without /hostedzone/ is the same zone, for reads and writes',
      run: async ({ service: { store }, zone, name, signal, stands }) => {
        const id = `/hostedzone/${zone.id}`;
        mustEqual((await store.submit(id, [create(a(name, '10.0.4.12'))], 'conformance', signal)).kind, 'accepted');
        await stands(a(name, '10.0.4.12'));
        mustEqual(answered(await store.readNames(id, [name], signal)), [a(name, '10.0.4.12')]);
        mustEqual(
          answered(await store.inspectZone(id, signal)).zone,
          answered(await store.inspectZone(zone.id, signal)).zone,
        );
      },
    },
    {
      title: 'two zones of one name in one VPC are refused',
      run: async ({ zones, zone, signal }) => {
        const error = await refusalOf(zones.create(zone.name, 'private', signal));
        if (!(error instanceof ConflictingDomainExists))
          throw new DidNotHold('ConflictingDomainExists', error?.name ?? 'success');
      },
    },
    {
      title: 'a more specific zone in the same VPC is seen as a rival',
      run: async ({ service, zones, zone, signal }) => {
        const below = await zones.create(`below.${zone.name}`, 'private', signal);
        const { rivals } = answered(await service.store.inspectZone(zone.id, signal));
        const found = answered(rivals).find(({ id }) => id === below.id);
        mustEqual(found?.name, below.name);
      },
    },
    {
      title: 'a private zone is known as private',
      run: async ({ service, zone, signal }) =>
        mustEqual(answered(await service.store.inspectZone(zone.id, signal)).zone.isPrivate, true),
    },
    {
      title: 'a public zone is known as public',
      run: async ({ service, zones, signal }) => {
        if (!service.mayBePublic) throw new CannotBeTried('this run makes private zones only');
        const open = await zones.create(`public.${zones.name}`, 'public', signal);
        const { zone } = answered(await service.store.inspectZone(open.id, signal));
        mustEqual([zone.isPrivate, zone.vpcs], [false, []]);
      },
    },
    {
      title: 'the VPCs are those that were given',
      run: async ({ service, zone, signal }) => {
        const vpcs = answered(await service.store.inspectZone(zone.id, signal)).zone.vpcs;
        mustEqual(vpcs, [{ id: service.vpc.VPCId, region: service.vpc.VPCRegion }]);
      },
    },
    {
      title: 'a second VPC is seen once it is associated',
      run: async ({ service, zones, signal }) => {
        if (service.secondVpc === undefined) throw new CannotBeTried('it takes a second VPC');
        const zone = await zones.create(`shared.${zones.name}`, 'private', signal);
        await service.client.send(
          new AssociateVPCWithHostedZoneCommand({ HostedZoneId: zone.id, VPC: service.secondVpc }),
          { abortSignal: signal },
        );
        const { vpcs } = answered(await service.store.inspectZone(zone.id, signal)).zone;
        mustEqual(vpcs.map(({ id }) => id).toSorted(), [service.vpc.VPCId, service.secondVpc.VPCId].toSorted());
      },
    },
    {
      title: 'a zone with records is not deleted',
      run: async ({ service, zone, name, signal, reach, stands }) => {
        await reach(a(name, '10.0.4.12'));
        const error = await refusalOf(
          service.client.send(new DeleteHostedZoneCommand({ Id: zone.id }), { abortSignal: signal }),
        );
        if (!(error instanceof HostedZoneNotEmpty))
          throw new DidNotHold('HostedZoneNotEmpty', error?.name ?? 'success');
        await stands(a(name, '10.0.4.12'));
      },
    },
    {
      title: 'a zone that is gone is "no such zone", for every method',
      run: async ({ service: { store }, zones, signal }) => {
        const { id, name } = await zones.create(`gone.${zones.name}`, 'private', signal);
        await zones.delete(id, signal);
        const read = await store.readNames(id, [name], signal);
        const inspected = await store.inspectZone(id, signal);
        const sent = await store.submit(id, [create(a(`a.${name}`, '10.0.4.12'))], 'conformance', signal);
        const kinds = [
          read.ok || read.failure.kind,
          inspected.ok || inspected.failure.kind,
          sent.kind === 'failed' && sent.failure.kind,
        ];
        mustEqual(kinds, ['no-such-zone', 'no-such-zone', 'no-such-zone']);
      },
    },
  ],
};
