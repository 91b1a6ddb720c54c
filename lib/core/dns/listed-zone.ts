import type { Definition } from '../endpoint/definition.ts';
import { markerName } from './marker.ts';
import { recordSetsOf } from './plan.ts';
import { type RecordSet, sameRecordSets } from './record-set.ts';
import { readNameRecords } from './registered.ts';

/** All record sets of a zone, by the hostname that they belong to. */
export type ListedZone = {
  /** The record sets at a hostname and at its marker. */
  readonly standingAt: (hostname: string) => readonly RecordSet[];
  /** Hostnames with a record set at their marker's name, whoever made it. */
  readonly marked: readonly string[];
};

const markerLabel = markerName('');

export const listedZone = (recordSets: readonly RecordSet[]): ListedZone => {
  const byHostname = Map.groupBy(recordSets, ({ name }) =>
    name.startsWith(markerLabel) ? name.slice(markerLabel.length) : name,
  );
  return {
    standingAt: (hostname) => byHostname.get(hostname) ?? [],
    marked: [
      ...new Set(
        recordSets.flatMap(({ name }) => (name.startsWith(markerLabel) ? [name.slice(markerLabel.length)] : [])),
      ),
    ],
  };
};

/** Whether exactly the record sets of a definition are there; a marker of any generation will do, because a projection does not know it. */
export const matchesDefinition = (
  definition: Definition,
  changeId: string,
  standing: readonly RecordSet[],
): boolean => {
  const { marker } = readNameRecords(definition.hostname, standing);
  return (
    marker !== undefined &&
    sameRecordSets(recordSetsOf(definition, { changeId, generation: marker.generation }), standing)
  );
};
