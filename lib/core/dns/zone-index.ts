import { canonicalName } from '../endpoint/name.ts';
import type { RecordSet } from './record-set.ts';
import { type AnsweringSet, parentOf, wildcardBelow } from './zone-answer.ts';

/** As many as a read around a name takes. */
const mostAround = 100;

/** A zone's record sets, found by name. */
export type ZoneIndex<Set extends AnsweringSet = RecordSet> = {
  /** Of exactly this name. */
  readonly at: (name: string) => readonly Set[];
  /** Record sets from which `nodeAt` finds what the zone has for a name, as `ZoneListing.around` gives them. */
  readonly around: (name: string) => readonly Set[];
};

/** Indexes a whole listing of a zone, in Route 53's order. */
export const indexedZone = <Set extends AnsweringSet>(zoneName: string, recordSets: readonly Set[]): ZoneIndex<Set> => {
  const atName = Map.groupBy(recordSets, ({ name }) => name);
  const below = new Map<string, Set[]>();
  for (const recordSet of recordSets) {
    for (let node = recordSet.name; ; node = parentOf(node)) {
      const known = below.get(node);
      if (known === undefined) below.set(node, [recordSet]);
      else if (known.length < mostAround) known.push(recordSet);
      if (node === zoneName || !node.includes('.')) break;
    }
  }
  const around = (name: string): readonly Set[] => {
    const own = below.get(name);
    if (own !== undefined) return own;
    for (let existing = parentOf(name); ; existing = parentOf(existing)) {
      const found = below.get(existing);
      if (found === undefined && existing !== zoneName && existing.includes('.')) continue;
      const wildcard = below.get(wildcardBelow(existing)) ?? [];
      return [...(found ?? []).slice(0, 1).filter((set) => !wildcard.includes(set)), ...wildcard];
    }
  };
  return { at: (name) => atName.get(canonicalName(name)) ?? [], around };
};
