import type { RecordChange, RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneFacts, ZoneFailure, ZoneResult } from '../../core/dns/zone-reading.ts';

/** What happened to a change batch. Only `accepted` and `invalid` are answers; a failure means "go and look". */
export type SubmitResult =
  | { readonly kind: 'accepted'; readonly changeInfoId: string }
  /** InvalidChangeBatch: nothing of this sending was applied; every message of Route 53. */
  | { readonly kind: 'invalid'; readonly messages: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: ZoneFailure };

/** Port to Route 53's private hosted zones. Expected failures are values; a method throws only for bugs. */
export interface ZoneStore {
  /** The zone by id, and every private zone below or equal to it by name that one of the zone's VPCs also sees (`rivals`: shadowing or duplicate zones). */
  inspectZone(
    zoneId: string,
    signal: AbortSignal,
  ): Promise<ZoneResult<{ readonly zone: ZoneFacts; readonly rivals: ZoneResult<readonly ZoneFacts[]> }>>;
  /** Every record set of exactly the given names, of any type. */
  readNames(zoneId: string, names: readonly string[], signal: AbortSignal): Promise<ZoneResult<readonly RecordSet[]>>;
  /** Sends one batch, once: no retry inside. `comment` reaches CloudTrail. */
  submit(zoneId: string, changes: readonly RecordChange[], comment: string, signal: AbortSignal): Promise<SubmitResult>;
  /** PENDING or INSYNC, of a change that `submit` had accepted. */
  changeStatus(changeInfoId: string, signal: AbortSignal): Promise<ZoneResult<'PENDING' | 'INSYNC'>>;
}
