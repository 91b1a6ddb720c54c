/** The operations that the local Route 53 speaks. */
export const operations = [
  'AssociateVPCWithHostedZone',
  'ChangeResourceRecordSets',
  'CreateHostedZone',
  'DeleteHostedZone',
  'GetChange',
  'GetHostedZone',
  'ListHostedZones',
  'ListHostedZonesByName',
  'ListHostedZonesByVPC',
  'ListResourceRecordSetProtections',
  'ListResourceRecordSets',
] as const;
export type Operation = (typeof operations)[number];

/** An error answer; nothing is done. */
export type RefusingFault =
  /** 400 Throttling. */
  | { readonly kind: 'throttle' }
  /** 400 PriorRequestNotComplete. */
  | { readonly kind: 'prior-request-not-complete' }
  /** 403 AccessDenied. */
  | { readonly kind: 'access-denied' }
  /** InternalFailure or ServiceUnavailable. */
  | { readonly kind: 'server-error'; readonly statusCode: 500 | 503 };

/** How the next request goes wrong. */
export type Fault =
  | RefusingFault
  /** The connection is reset and nothing is done. */
  | { readonly kind: 'reset-before' }
  /** The request is carried out, then the connection is reset. */
  | { readonly kind: 'response-lost' }
  /** The connection is reset; the request is carried out when `landLate` is called. */
  | { readonly kind: 'lands-late' }
  /** Nothing is done and nothing is ever answered. */
  | { readonly kind: 'no-answer' }
  /** An InvalidChangeBatch comes as `<InvalidChangeBatch><Messages>`, the older of the two forms of the real service. */
  | { readonly kind: 'legacy-error-body' };

/** Makes requests go wrong on purpose. */
export interface Faults {
  /** The next `times` requests (default 1) of the operation, or of any operation, get the fault. Faults queue up. */
  next(fault: Fault, scope?: { readonly operation?: Operation; readonly times?: number }): void;
  /** Carries out what `lands-late` holds back, in order; resolves to how many there were. */
  landLate(): number;
  /** The service's clock is so much ahead of the caller's; over 5 minutes either way, it refuses every signature. */
  skewClock(aheadMs: number): void;
  /** True: changes accepted from now on stay PENDING for ever. */
  holdPending(held: boolean): void;
  /** Protects a name and type; a change of it fails with the comment. */
  protect(zoneId: string, name: string, type: string, comment: string): void;
  /** No more queued faults, no skew, no holding. Protections and held requests stay. */
  clear(): void;
}

type Queued = { readonly fault: Fault; readonly operation: Operation | undefined; left: number };

/** The faults that wait for their request. */
export class FaultQueue {
  #queued: Queued[] = [];
  #held: (() => void)[] = [];
  skewMs = 0;

  add(fault: Fault, operation: Operation | undefined, times: number): void {
    this.#queued.push({ fault, operation, left: times });
  }

  /** The fault that this request meets, if any. */
  take(operation: Operation): Fault | undefined {
    const found = this.#queued.find((queued) => queued.operation === undefined || queued.operation === operation);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#queued = this.#queued.filter((queued) => queued !== found);
    return found.fault;
  }

  hold(carryOut: () => void): void {
    this.#held.push(carryOut);
  }

  release(): number {
    const held = this.#held;
    this.#held = [];
    for (const carryOut of held) carryOut();
    return held.length;
  }

  clear(): void {
    this.#queued = [];
    this.skewMs = 0;
  }
}
