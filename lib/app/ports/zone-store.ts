import type { RecordChange, RecordSet } from '../../core/dns/record-set.ts';

/** A private hosted zone as Route 53 has it. */
export type ZoneFacts = {
  /** Without `/hostedzone/`. */
  readonly id: string;
  /** Lower case, without trailing dot. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly vpcs: readonly { readonly id: string; readonly region: string }[];
};

/** Why Route 53 did not answer as asked. */
export type ZoneFailure =
  /** The zone id does not exist. */
  | { readonly kind: 'no-such-zone'; readonly message: string }
  /** IAM, or a protection, said no: sending again changes nothing. */
  | { readonly kind: 'denied'; readonly message: string }
  /** Throttling or PriorRequestNotComplete: Route 53 did not take it, send again later. */
  | { readonly kind: 'busy'; readonly code: string; readonly message: string }
  /** No answer, or 5xx. Of a write: it may have landed. */
  | { readonly kind: 'unreachable'; readonly message: string };

export type ZoneResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: ZoneFailure };

/** What became of a change batch. Only `accepted` and `invalid` are answers; a failure means "go and look". */
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
