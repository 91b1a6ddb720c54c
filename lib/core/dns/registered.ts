import type { Definition, Targets } from '../endpoint/definition.ts';
import { type Hostname, parseHostname } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { type Marker, markerName, parseMarker } from './marker.ts';
import { type RecordSet, sameRecordSets } from './record-set.ts';

/** What is at a hostname and its marker, taken apart. */
export type NameRecords = {
  /** At the hostname itself. */
  readonly records: readonly RecordSet[];
  /** At the marker's name. */
  readonly markerSets: readonly RecordSet[];
  /** The marker, where what is there is one of ours. */
  readonly marker?: Marker;
};

export const readNameRecords = (hostname: string, recordSets: readonly RecordSet[]): NameRecords => {
  const markerSets = recordSets.filter(({ name }) => name === markerName(hostname));
  const [only] = markerSets;
  const parsed =
    only !== undefined && markerSets.length === 1 && only.type === 'TXT' && only.foreign === undefined
      ? parseMarker(only.values)
      : undefined;
  return {
    records: recordSets.filter(({ name }) => name === hostname),
    markerSets,
    ...(parsed?.ok === true ? { marker: parsed.marker } : {}),
  };
};

const addressTypes: readonly string[] = ['A', 'AAAA'];

/** The targets that simple A, AAAA or CNAME record sets stand for; undefined where they are of any other kind. */
export const targetsOf = (records: readonly RecordSet[]): Targets | undefined => {
  if (records.length === 0 || records.some(({ foreign }) => foreign !== undefined)) return undefined;
  const [first] = records;
  if (first?.type === 'CNAME' && records.length === 1) {
    const parsed = parseHostname(first.values[0] ?? '');
    return 'hostname' in parsed ? { kind: 'cname', cname: parsed.hostname } : undefined;
  }
  if (!records.every(({ type }) => addressTypes.includes(type))) return undefined;
  const addresses = records.flatMap(({ values }) => values.map((value) => parseIpAddress(value)?.text));
  return addresses.every((address) => address !== undefined) ? { kind: 'addresses', addresses } : undefined;
};

const standbyOf = (texts: readonly string[] | undefined): Targets | undefined => {
  if (texts === undefined) return undefined;
  const [first = ''] = texts;
  const parsed = parseIpAddress(first) === undefined ? parseHostname(first) : undefined;
  return parsed !== undefined && 'hostname' in parsed
    ? { kind: 'cname', cname: parsed.hostname }
    : { kind: 'addresses', addresses: texts };
};

export type FromRecords =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly reason: 'nothing' | 'not-simple' | 'too-many-ttls' };

/** The definition that simple records stand for, with port and mode of the marker where there is one. Names, owners and notes are not in DNS. */
export const definitionFromRecords = (hostname: Hostname, { records, marker }: NameRecords): FromRecords => {
  if (records.length === 0) return { ok: false, reason: 'nothing' };
  const targets = targetsOf(records);
  if (targets === undefined) return { ok: false, reason: 'not-simple' };
  const ttls = new Set(records.map(({ ttlSeconds }) => ttlSeconds));
  const [ttlSeconds = 60] = ttls;
  if (ttls.size > 1) return { ok: false, reason: 'too-many-ttls' };
  const standby = standbyOf(marker?.standby);
  const definition = {
    hostname,
    targets,
    port: marker?.port ?? 25,
    sslMode: marker?.sslMode ?? 'Auto',
    ttlSeconds,
    ...(standby === undefined ? {} : { standby }),
  } as const;
  return { ok: true, definition };
};

/** How what is in Route 53 differs from what the ledger says should be there. */
export type Drift =
  | { readonly kind: 'in-sync' }
  /** Registered, and neither record nor marker is there. */
  | { readonly kind: 'missing' }
  /** Registered; the marker is ours, the records are others. */
  | { readonly kind: 'changed' }
  /** Registered; the record is there, its marker is gone. */
  | { readonly kind: 'record-only' }
  /** Registered; the marker is there, its record is gone. */
  | { readonly kind: 'marker-only' }
  /** What is there is not ours: another marker, or another kind of record set. */
  | { readonly kind: 'foreign' }
  /** Not registered, and yet our marker is there. */
  | { readonly kind: 'leftover' };

/** Compares what is there with what should be: `expected` are the record sets of the last applied change, none where nothing is registered. */
export const driftOf = (hostname: string, expected: readonly RecordSet[], standing: readonly RecordSet[]): Drift => {
  if (sameRecordSets(expected, standing)) return { kind: 'in-sync' };
  const { records, markerSets, marker } = readNameRecords(hostname, standing);
  if (expected.length === 0) return marker === undefined ? { kind: 'foreign' } : { kind: 'leftover' };
  if (standing.length === 0) return { kind: 'missing' };
  const ours = readNameRecords(hostname, expected).marker;
  if (markerSets.length > 0 && marker?.changeId !== ours?.changeId) return { kind: 'foreign' };
  if (records.length === 0) return { kind: 'marker-only' };
  if (records.some(({ foreign }) => foreign !== undefined)) return { kind: 'foreign' };
  return { kind: markerSets.length === 0 ? 'record-only' : 'changed' };
};
