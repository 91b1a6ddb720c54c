import type { NameAnswer } from '../../core/dns/name-answer.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { longestChain, lookUp, type Node, nodeAt, type VisibleZone } from '../../core/dns/zone-answer.ts';
import type { ZoneFacts, ZoneFailure } from '../../core/dns/zone-reading.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { Ports } from '../ports/ports.ts';

type Reading = Pick<Ports, 'zones' | 'zoneListing' | 'policy'>;
type NamedZone = Pick<ZoneFacts, 'id' | 'name'>;

/** The zones of the policy, and every other private zone that their VPCs see. */
const visibleZones = async ({ zones, zoneListing, policy }: Reading, signal: AbortSignal) => {
  const vpcs = new Map<string, ZoneFacts['vpcs'][number]>();
  for (const zone of policy.zones) {
    const inspected = zone.vpcs.length > 0 ? undefined : await zones.inspectZone(zone.id, signal);
    const seenBy = zone.vpcs.length > 0 ? zone.vpcs : inspected?.ok ? inspected.value.zone.vpcs : [];
    for (const vpc of seenBy) vpcs.set(vpc.id, vpc);
  }
  const byName = new Map<string, NamedZone>(policy.zones.map(({ id, name }) => [name, { id, name }]));
  let unlisted: ZoneFailure | undefined;
  for (const vpc of vpcs.values()) {
    const listed = await zoneListing.visibleZones(vpc, signal);
    if (!listed.ok) unlisted = listed.failure;
    else for (const { id, name } of listed.value) if (!byName.has(name)) byName.set(name, { id, name });
  }
  return { visible: [...byName.values()], unlisted };
};

/** Reads what bears on a name, zone by zone as its CNAMEs lead on, and says what the VPC's zones answer. */
export const lookUpName = async (ports: Reading, name: string, signal: AbortSignal): Promise<NameAnswer> => {
  const { visible, unlisted } = await visibleZones(ports, signal);
  const read = new Map<string, readonly RecordSet[]>();
  const failures = new Map<string, ZoneFailure>();
  let next: string | undefined = canonicalName(name);
  for (let hop = 0; next !== undefined && hop <= longestChain; hop += 1) {
    const zone: NamedZone | undefined = zoneOf<NamedZone>(next, visible);
    if (zone === undefined) break;
    const around = await ports.zoneListing.around(zone, next, signal);
    if (!around.ok) {
      failures.set(zone.name, around.failure);
      break;
    }
    // Reading around two names of a zone may find the same record set twice.
    const known = new Set((read.get(zone.name) ?? []).map((set) => JSON.stringify(set)));
    const added = around.value.filter((set) => !known.has(JSON.stringify(set)));
    read.set(zone.name, [...(read.get(zone.name) ?? []), ...added]);
    const node: Node<RecordSet> = nodeAt<RecordSet>({ name: zone.name, recordSets: around.value }, next);
    const target: string | undefined =
      node.kind === 'absent' ? undefined : node.sets.find(({ type }) => type === 'CNAME')?.values[0];
    next = target === undefined ? undefined : canonicalName(target);
  }
  const zones = visible.map(
    (zone): VisibleZone<RecordSet> => ({
      ...zone,
      recordSets: failures.has(zone.name) ? undefined : (read.get(zone.name) ?? []),
    }),
  );
  const start = canonicalName(name);
  return { a: lookUp(zones, start, 'A'), aaaa: lookUp(zones, start, 'AAAA'), failures, unlisted };
};
