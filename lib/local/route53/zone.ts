import * as z from 'zod';
import type { Protection } from '../../core/dns/protection.ts';
import { compareReversedLabels } from '../../core/dns/reversed-label-order.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import { type LocalRecordSet, type RecordSets, recordSetKey } from './record-set.ts';

export type LocalVpc = { readonly id: string; readonly region: string };

/** A hosted zone of the local Route 53. `protections` holds the comment of each record set protection by `protectionKey`. */
export type LocalZone = {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly vpcs: readonly LocalVpc[];
  readonly comment?: string | undefined;
  readonly callerReference: string;
  readonly recordSets: RecordSets;
  readonly protections: ReadonlyMap<string, string>;
};

/** A zone to begin with. Its apex SOA and NS come by themselves. */
export type ZoneSeed = Pick<LocalZone, 'id' | 'name'> &
  Partial<Pick<LocalZone, 'isPrivate' | 'vpcs'>> & { readonly recordSets?: readonly LocalRecordSet[] };

/** A protection covers every record set of one name and type, whatever its set identifier, and one that does not exist yet. */
export const protectionKey = (name: string, type: string): string => JSON.stringify([name, type]);

/** A zone's protections, sorted as Route 53 sorts record sets. */
export const protectionsOf = ({ protections }: Pick<LocalZone, 'protections'>): readonly Protection[] =>
  [...protections]
    .map(([key, comment]): Protection => {
      const [name = '', type = ''] = z.array(z.string()).parse(JSON.parse(key));
      return { name, type, comment };
    })
    .toSorted((left, right) => compareReversedLabels(left.name, right.name) || (left.type < right.type ? -1 : 1));

const nameServers = [
  'ns-1536.awsdns-00.co.uk.',
  'ns-0.awsdns-00.com.',
  'ns-1024.awsdns-00.org.',
  'ns-512.awsdns-00.net.',
];

/** The SOA and NS that Route 53 gives every new zone; the SOA makes a negative answer live for 900 s. */
const apexRecordSets = (name: string): readonly LocalRecordSet[] => [
  { name, type: 'NS', ttlSeconds: 172_800, values: nameServers },
  {
    name,
    type: 'SOA',
    ttlSeconds: 900,
    values: [`${nameServers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
  },
];

/** Record sets by key, each under its canonical name; a later one replaces an earlier one. */
export const indexRecordSets = (recordSets: readonly LocalRecordSet[]): RecordSets =>
  new Map(
    recordSets
      .map((recordSet) => ({ ...recordSet, name: canonicalName(recordSet.name) }))
      .map((recordSet) => [recordSetKey(recordSet), recordSet]),
  );

/** The zone that a seed describes. Throws a RangeError when a name is not valid. */
export const zoneFromSeed = (seed: ZoneSeed): LocalZone => {
  const name = canonicalName(seed.name);
  return {
    id: seed.id,
    name,
    isPrivate: seed.isPrivate ?? true,
    vpcs: seed.vpcs ?? [],
    callerReference: `seed-${seed.id}`,
    recordSets: indexRecordSets([...apexRecordSets(name), ...(seed.recordSets ?? [])]),
    protections: new Map(),
  };
};
