import { parseIpAddress } from '../endpoint/ip-address.ts';
import { canonicalName } from '../endpoint/name.ts';
import { parseTxt } from './txt-value.ts';

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

/**
 * One text for every spelling of a value that means the same in DNS: names without regard to case and final dot, IPv6 as RFC 5952 writes it, TXT as the
 * octets of its character-strings together.
 */
export const dnsValue = (type: string, value: string): string => {
  switch (type) {
    case 'A':
    case 'AAAA':
      return parseIpAddress(value)?.text ?? value;
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return canonicalName(value);
    case 'TXT': {
      const parsed = parseTxt(value);
      return parsed.ok ? Buffer.concat(parsed.strings).toString('hex') : value;
    }
    default:
      return value;
  }
};

/** One text for record sets that are equal in DNS: values in any order and spelling. A DELETE needs the very spelling of the zone, and never this. */
export const recordSetKey = ({ name, type, ttlSeconds, values, foreign }: RecordSet): string =>
  JSON.stringify([
    canonicalName(name),
    type,
    ttlSeconds,
    values.map((value) => dnsValue(type, value)).sort(),
    foreign ?? null,
  ]);

/** Whether two lists hold record sets that are equal in DNS, in whatever order. */
export const sameRecordSets = (one: readonly RecordSet[], other: readonly RecordSet[]): boolean =>
  JSON.stringify(one.map(recordSetKey).sort()) === JSON.stringify(other.map(recordSetKey).sort());
