import type { RecordSet } from '../../core/dns/record-set.ts';
import { indexedZone, type ZoneIndex } from '../../core/dns/zone-index.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';
import type { Ports } from '../ports/ports.ts';

/** Asks once for every key, and gives everybody who asks for it the same answer. */
const once = <Value>(): ((key: string, ask: () => Promise<Value>) => Promise<Value>) => {
  const asked = new Map<string, Promise<Value>>();
  return (key, ask) => {
    const known = asked.get(key) ?? ask();
    asked.set(key, known);
    return known;
  };
};

/**
 * Ports whose reads are shared by all names of a bulk: a zone of the policy is listed once instead of being read for each name; its facts and protections,
 * the directory, user groups and what a resolver says of a CNAME target are read once, too. They are as old as these ports.
 */
export const sharedReads = (ports: Ports): Ports => {
  const { zones, zoneListing, state, prober, userGroups, policy } = ports;
  const inspections = once<Awaited<ReturnType<typeof zones.inspectZone>>>();
  const listings = once<ZoneResult<readonly RecordSet[]>>();
  const indexes = once<ZoneResult<ZoneIndex>>();
  const surroundings = once<ZoneResult<readonly RecordSet[]>>();
  const visible = once<Awaited<ReturnType<typeof zoneListing.visibleZones>>>();
  const protections = once<Awaited<ReturnType<typeof zoneListing.protections>>>();
  const items = once<Awaited<ReturnType<typeof state.list>>>();
  const lookUps = once<Awaited<ReturnType<typeof prober.probe>>>();
  const members = once<Awaited<ReturnType<typeof userGroups.fresh>>>();

  const listed = (zoneId: string, signal: AbortSignal) => listings(zoneId, () => zoneListing.list(zoneId, signal));
  const indexed = (zone: { readonly id: string; readonly name: string }, signal: AbortSignal) =>
    indexes(zone.id, async () => {
      const list = await listed(zone.id, signal);
      return list.ok ? { ok: true, value: indexedZone(zone.name, list.value) } : list;
    });
  const ofPolicy = (zoneId: string) => policy.zones.find(({ id }) => id === zoneId);

  return {
    ...ports,
    zones: {
      ...zones,
      inspectZone: (zoneId, signal) => inspections(zoneId, () => zones.inspectZone(zoneId, signal)),
      readNames: async (zoneId, names, signal) => {
        const zone = ofPolicy(zoneId);
        if (zone === undefined) return zones.readNames(zoneId, names, signal);
        const index = await indexed(zone, signal);
        return index.ok ? { ok: true, value: names.flatMap((name) => index.value.at(name)) } : index;
      },
    },
    zoneListing: {
      list: listed,
      around: async (zone, name, signal) => {
        if (ofPolicy(zone.id) === undefined)
          return surroundings(`${zone.id} ${name}`, () => zoneListing.around(zone, name, signal));
        const index = await indexed(zone, signal);
        return index.ok ? { ok: true, value: index.value.around(name) } : index;
      },
      visibleZones: (vpc, signal) => visible(vpc.id, () => zoneListing.visibleZones(vpc, signal)),
      protections: (zoneId, signal) => protections(zoneId, () => zoneListing.protections(zoneId, signal)),
    },
    state: { ...state, list: (collection, signal) => items(collection, () => state.list(collection, signal)) },
    prober: {
      probe: (request, signal) =>
        request.lookUpOnly === true && request.targets !== undefined
          ? lookUps(JSON.stringify([request.targets, request.recordTypes]), () => prober.probe(request, signal))
          : prober.probe(request, signal),
    },
    userGroups: {
      ...userGroups,
      fresh: (groupId, signal) => members(groupId, () => userGroups.fresh(groupId, signal)),
    },
  };
};
