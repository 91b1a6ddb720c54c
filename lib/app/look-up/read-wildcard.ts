import { markerName } from '../../core/dns/marker.ts';
import type { WildcardUnder } from '../../core/dns/plan.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { nodeAt, parentOf, wildcardBelow } from '../../core/dns/zone-answer.ts';
import type { ZoneFacts, ZoneResult } from '../../core/dns/zone-reading.ts';
import type { Ports } from '../ports/ports.ts';

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** The wildcard that answers for a name while the name has no record and no marker of its own; undefined where none would. */
export const readWildcard = async (
  { zoneListing }: Pick<Ports, 'zoneListing'>,
  zone: Pick<ZoneFacts, 'id' | 'name'>,
  hostname: string,
  signal: AbortSignal,
): Promise<ZoneResult<WildcardUnder | undefined>> => {
  const own = new Set([hostname, markerName(hostname)]);
  const found: RecordSet[] = [];
  for (let node = hostname; ; node = parentOf(node)) {
    const around = await zoneListing.around(zone, node, signal);
    if (!around.ok) return around;
    const others = around.value.filter(({ name }) => !own.has(name));
    found.push(...others);
    // What is read around a name that has nothing of its own is enough.
    if (node === hostname && others.length === around.value.length) break;
    if (node !== hostname) {
      const wildcard = await zoneListing.around(zone, wildcardBelow(node), signal);
      if (!wildcard.ok) return wildcard;
      found.push(...wildcard.value.filter(({ name }) => !own.has(name)));
    }
    // A name that exists ends the search: no wildcard above it answers.
    if (node === zone.name || others.some(({ name }) => name === node || name.endsWith(`.${node}`))) break;
  }
  const distinct = [...new Map(found.map((set) => [JSON.stringify(set), set])).values()];
  const answer = nodeAt({ name: zone.name, recordSets: distinct }, hostname);
  const sets = answer.kind === 'wildcard' ? answer.sets.filter(({ type }) => addressTypes.includes(type)) : [];
  return {
    ok: true,
    value: answer.kind === 'wildcard' && sets.length > 0 ? { name: answer.wildcard, sets } : undefined,
  };
};
