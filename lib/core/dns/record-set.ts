/** The record types that postal-endpoint writes. */
export type ManagedType = 'A' | 'AAAA' | 'CNAME' | 'TXT';

/**
 * A resource record set as Route 53 keeps it. `name` is lower case, without trailing dot, `\ooo` escapes kept.
 * `values` are in Route 53's presentation format (TXT quoted). `foreign` names what makes it a set that postal-endpoint
 * never writes: another type, alias, or a routing policy.
 */
export type RecordSet = {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
  readonly foreign?:
    | 'type'
    | 'alias'
    | 'weighted'
    | 'latency'
    | 'failover'
    | 'geolocation'
    | 'multivalue'
    | 'health-check'
    | 'traffic-policy';
};

/** One change of a batch. There is no UPSERT: a DELETE carries the exact old set and so is the compare of a compare-and-swap. */
export type RecordChange = { readonly action: 'CREATE' | 'DELETE'; readonly recordSet: RecordSet };

/** One text for equal record sets: values in any order are the same set. */
export const recordSetKey = ({ name, type, ttlSeconds, values, foreign }: RecordSet): string =>
  JSON.stringify([name, type, ttlSeconds, [...values].sort(), foreign ?? null]);

/** Whether two lists hold the same record sets, in whatever order. */
export const sameRecordSets = (one: readonly RecordSet[], other: readonly RecordSet[]): boolean =>
  JSON.stringify(one.map(recordSetKey).sort()) === JSON.stringify(other.map(recordSetKey).sort());
