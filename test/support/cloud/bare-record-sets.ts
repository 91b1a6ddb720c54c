import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { canonicalName } from '../../../lib/core/endpoint/name.ts';
import type { ZonesView } from '../../../lib/local/route53/hosted-zones.ts';
import { zoneId } from '../memory-ports.ts';

const ofTheZoneItself = new Set(['SOA', 'NS']);

/** The simple record sets of the zone, but its own SOA and NS, in an order of their own. */
export const bareRecordSets = ({ served }: ZonesView): readonly RecordSet[] =>
  served()
    .filter(({ id }) => id === zoneId)
    .flatMap(({ recordSets }) => [...recordSets.values()])
    .filter(({ type }) => !ofTheZoneItself.has(type))
    .map(({ name, type, ttlSeconds = 0, values }) => ({ name: canonicalName(name), type, ttlSeconds, values }))
    .toSorted((one, other) => `${one.name} ${one.type}`.localeCompare(`${other.name} ${other.type}`));
