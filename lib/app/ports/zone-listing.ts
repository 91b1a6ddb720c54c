import type { Protection } from '../../core/dns/protection.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneFacts, ZoneResult } from '../../core/dns/zone-reading.ts';

type NamedZone = Pick<ZoneFacts, 'id' | 'name'>;

/** Port to what hosted zones hold, beyond single names. Expected failures are values. */
export interface ZoneListing {
  /** Every record set of the zone, of any type, in Route 53's order. */
  list(zoneId: string, signal: AbortSignal): Promise<ZoneResult<readonly RecordSet[]>>;
  /** Record sets from which `nodeAt` finds what the zone has for a name: the name's own, else some that show which names above it exist, and the wildcard's. */
  around(zone: NamedZone, name: string, signal: AbortSignal): Promise<ZoneResult<readonly RecordSet[]>>;
  /** The private zones that a VPC sees, of this account and of others. */
  visibleZones(vpc: ZoneFacts['vpcs'][number], signal: AbortSignal): Promise<ZoneResult<readonly NamedZone[]>>;
  /** The record set protections of the zone. */
  protections(zoneId: string, signal: AbortSignal): Promise<ZoneResult<readonly Protection[]>>;
}
