import { definitionDigest, markerName } from '../../core/dns/marker.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { definitionFromRecords, type FromRecords, readNameRecords } from '../../core/dns/registered.ts';
import { type Hostname, parseHostname } from '../../core/endpoint/hostname.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import { timeOfChangeId } from '../../core/ledger/change-id.ts';

/** How much of a name DNS gives back. */
export type FromDns =
  /** The marker's digest proves every field. */
  | { readonly kind: 'proven'; readonly registered: Registered }
  /** The digest is of another definition: with a name, an owner or a note, which are not in DNS, or from before someone changed the record. */
  | { readonly kind: 'bare'; readonly registered: Registered }
  | { readonly kind: 'unusable'; readonly hostname: string; readonly why: string };

const markerPrefix = markerName('');

const whyNot: Readonly<Record<Extract<FromRecords, { ok: false }>['reason'], string>> = {
  nothing: 'it has a marker but no record',
  'not-simple': 'its records are of a kind that postal-endpoint never writes',
  'too-many-ttls': 'its records have different TTLs',
};

const readName = (hostname: Hostname, recordSets: readonly RecordSet[], known: Registered | undefined): FromDns => {
  const standing = readNameRecords(hostname, recordSets);
  const { marker } = standing;
  if (marker === undefined) return { kind: 'unusable', hostname, why: 'its marker cannot be read' };
  // What is known has the digest of the marker: then DNS itself vouches for it, its name, owner and note included.
  if (known !== undefined && known.changeId === marker.changeId && definitionDigest(known.definition) === marker.digest)
    return { kind: 'proven', registered: known };
  const read = definitionFromRecords(hostname, standing);
  if (!read.ok) return { kind: 'unusable', hostname, why: whyNot[read.reason] };
  const at = timeOfChangeId(marker.changeId);
  const registered: Registered = {
    definition: read.definition,
    changeId: marker.changeId,
    userId: '',
    at: new Date(Number.isNaN(at) ? 0 : at).toISOString(),
  };
  return { kind: definitionDigest(read.definition) === marker.digest ? 'proven' : 'bare', registered };
};

/** The registry as the markers and records of a zone tell it, by hostname; `known` is what the directory has, for what DNS can only vouch for. */
export const registryFromDns = (
  recordSets: readonly RecordSet[],
  known: ReadonlyMap<string, Registered>,
): readonly FromDns[] => {
  const byName = Map.groupBy(recordSets, ({ name }) => name);
  return [...byName.keys()]
    .filter((name) => name.startsWith(markerPrefix))
    .sort()
    .map((name): FromDns => {
      const hostname = name.slice(markerPrefix.length);
      const parsed = parseHostname(hostname);
      if (!('hostname' in parsed)) return { kind: 'unusable', hostname, why: 'it is not a hostname' };
      return readName(
        parsed.hostname,
        [...(byName.get(hostname) ?? []), ...(byName.get(name) ?? [])],
        known.get(hostname),
      );
    });
};
