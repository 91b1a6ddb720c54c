import { canonicalName, isAtOrBelow } from '../endpoint/name.ts';
import { zoneOf } from '../endpoint/zone-of.ts';

/** What of a record set decides an answer; `name` is canonical, and the first value of a CNAME is where it leads. */
export type AnsweringSet = { readonly name: string; readonly type: string; readonly values: readonly string[] };

/**
 * A private zone that a VPC sees. `recordSets` are all of the zone, or those around the names in question (see `ZoneListing.around`); absent when the zone may
 * not be read.
 */
export type VisibleZone<Set extends AnsweringSet> = {
  readonly id: string;
  readonly name: string;
  readonly recordSets?: readonly Set[] | undefined;
  /** Of a large zone those of them around one name, for `nodeAt` passes through all that it is given. */
  readonly around?: (name: string) => readonly Set[];
};

/** A CNAME on the way: `name` is the name asked, `wildcard` the record set's own name where a wildcard answered. */
export type Hop<Set extends AnsweringSet> = {
  readonly name: string;
  readonly zone: string;
  readonly set: Set;
  readonly wildcard?: string;
};

/** Where looking a name up ends. `zone` is a zone's name. */
export type LookupEnd<Set extends AnsweringSet> =
  | {
      readonly kind: 'records';
      readonly name: string;
      readonly zone: string;
      readonly sets: readonly Set[];
      readonly wildcard?: string;
    }
  /** The name exists, without records of this type: an empty answer (RFC 2308 §2.2). */
  | { readonly kind: 'no-data'; readonly name: string; readonly zone: string }
  /** NXDOMAIN. */
  | { readonly kind: 'no-such-name'; readonly name: string; readonly zone: string }
  /** In none of the zones: the VPC's resolver asks the public DNS. */
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'could-not-look'; readonly name: string; readonly zone: string }
  | { readonly kind: 'loop'; readonly name: string }
  | { readonly kind: 'too-long'; readonly name: string };

export type Lookup<Set extends AnsweringSet> = { readonly hops: readonly Hop<Set>[]; readonly end: LookupEnd<Set> };

/** What a zone has for a name: its own record sets (none for an empty non-terminal), a wildcard's, or nothing. */
export type Node<Set extends AnsweringSet> =
  | { readonly kind: 'own'; readonly sets: readonly Set[] }
  | { readonly kind: 'wildcard'; readonly wildcard: string; readonly sets: readonly Set[] }
  | { readonly kind: 'absent' };

/** Longest chain of CNAMEs that is followed. Resolvers stop at about as many. */
export const longestChain = 16;

export const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1);

/** The name of the wildcard directly below a name, as Route 53 writes it. */
export const wildcardBelow = (name: string): string => `\\052.${name}`;

/** A wildcard as people write it. */
export const wildcardText = (name: string): string => name.replace(/^\\052\./, '*.');

/**
 * Finds what a zone has for a name at or below it.
 *
 * | the name | has | known from |
 * | --- | --- | --- |
 * | has record sets | these, whatever their types: a wildcard adds none | Route 53 Developer Guide, DomainNameFormat |
 * | has none, but names below it have | nothing, and no wildcard either: an empty non-terminal | assumed from RFC 4592 §2.2.2 |
 * | does not exist, and `*` is directly below its closest encloser | the wildcard's | DomainNameFormat; which wildcard: assumed from RFC 4592 §3.3.1 |
 * | does not exist, and a name between it and the wildcard does | nothing | assumed from RFC 4592 §4.2 |
 * | has `*` elsewhere than leftmost | an ordinary name | DomainNameFormat |
 */
export const nodeAt = <Set extends AnsweringSet>(
  zone: { readonly name: string; readonly recordSets: readonly Set[] },
  name: string,
): Node<Set> => {
  const at = (wanted: string) => zone.recordSets.filter((set) => set.name === wanted);
  const exists = (wanted: string) =>
    wanted === zone.name || zone.recordSets.some((set) => isAtOrBelow(set.name, wanted));
  if (exists(name)) return { kind: 'own', sets: at(name) };
  let encloser = parentOf(name);
  while (!exists(encloser)) encloser = parentOf(encloser);
  const wildcard = wildcardBelow(encloser);
  return exists(wildcard) ? { kind: 'wildcard', wildcard, sets: at(wildcard) } : { kind: 'absent' };
};

/**
 * What the zones that a VPC sees answer for a name and type. CNAMEs are followed from zone to zone. Of several sets of one type, as routing policies make
 * them, `choose` picks the CNAME to follow.
 *
 * | rule | known from |
 * | --- | --- |
 * | the most specific zone answers, and never falls back to a wider one | Developer Guide, hosted-zone-private-considerations |
 * | a CNAME into another private zone of the VPC is followed there | assumed: the resolver asks for the target as for any name |
 * | a chain that ends at a name that does not exist is NXDOMAIN | assumed from RFC 6604 §2.1 |
 * | a name that exists without the type is an empty answer, not NXDOMAIN | assumed from RFC 2308 §2.2; the Developer Guide says NXDOMAIN of both |
 */
export const lookUp = <Set extends AnsweringSet>(
  zones: readonly VisibleZone<Set>[],
  wanted: string,
  type: string,
  choose: (sets: readonly Set[]) => Set | undefined = ([first]) => first,
): Lookup<Set> => {
  const hops: Hop<Set>[] = [];
  let name = wanted;
  for (;;) {
    const zone = zoneOf(name, zones);
    if (zone === undefined) return { hops, end: { kind: 'outside', name } };
    if (zone.recordSets === undefined) return { hops, end: { kind: 'could-not-look', name, zone: zone.name } };
    const node = nodeAt({ name: zone.name, recordSets: zone.around?.(name) ?? zone.recordSets }, name);
    if (node.kind === 'absent') return { hops, end: { kind: 'no-such-name', name, zone: zone.name } };
    const where = { name, zone: zone.name, ...(node.kind === 'wildcard' ? { wildcard: node.wildcard } : {}) };
    const sets = node.sets.filter((set) => set.type === type);
    if (sets.length > 0) return { hops, end: { kind: 'records', ...where, sets } };
    const cname = choose(node.sets.filter((set) => set.type === 'CNAME'));
    const target = cname?.values[0];
    if (cname === undefined || target === undefined) return { hops, end: { kind: 'no-data', name, zone: zone.name } };
    hops.push({ ...where, set: cname });
    name = canonicalName(target);
    if (hops.some((hop) => hop.name === name)) return { hops, end: { kind: 'loop', name } };
    if (hops.length === longestChain) return { hops, end: { kind: 'too-long', name } };
  }
};
