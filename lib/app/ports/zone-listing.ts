import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';

/** Port to a hosted zone as a whole, for whoever rebuilds from it. Expected failures are values. */
export interface ZoneListing {
  /** Every record set of the zone, of any type, in Route 53's order. */
  list(zoneId: string, signal: AbortSignal): Promise<ZoneResult<readonly RecordSet[]>>;
}
