import type { RecordSet } from './record-set.ts';
import type { Lookup } from './zone-answer.ts';
import type { ZoneFailure } from './zone-reading.ts';

/** What the zones that a VPC sees answer for a name, for each address type. */
export type NameAnswer = {
  readonly a: Lookup<RecordSet>;
  readonly aaaa: Lookup<RecordSet>;
  /** Why a zone could not be read, by its name. */
  readonly failures: ReadonlyMap<string, ZoneFailure>;
  /** Why it is not known which other private zones the VPC sees. */
  readonly unlisted?: ZoneFailure | undefined;
  /** Addresses that the VPC's resolver gives, where it was asked: what the zones cannot say, it may. */
  readonly resolved?: readonly string[] | undefined;
};

/** The CNAMEs on the way, the longer chain where the two types differ. */
export const chainOf = ({ a, aaaa }: NameAnswer): Lookup<RecordSet> => (aaaa.hops.length > a.hops.length ? aaaa : a);

/** Whether the zones alone do not tell the addresses: the way leads out of them, into one that may not be read, or to an alias. */
export const needsResolver = ({ a, aaaa }: NameAnswer): boolean =>
  [a, aaaa].some(
    ({ end }) =>
      end.kind === 'outside' ||
      end.kind === 'could-not-look' ||
      (end.kind === 'records' && end.sets.some(({ foreign }) => foreign === 'alias')),
  );

/** Every address that is known of a name, by its zones or by the resolver. */
export const knownAddresses = ({ a, aaaa, resolved = [] }: NameAnswer): readonly string[] => [
  ...new Set([
    ...[a, aaaa].flatMap(({ end }) => (end.kind === 'records' ? end.sets.flatMap(({ values }) => values) : [])),
    ...resolved,
  ]),
];

/** The address types that a question for the name finds, or may find where the zones cannot tell. */
export const answeredTypes = ({ a, aaaa }: NameAnswer): readonly ('AAAA' | 'A')[] => {
  const isAnswered = ({ end: { kind } }: Lookup<RecordSet>): boolean =>
    kind === 'records' || kind === 'outside' || kind === 'could-not-look';
  return [...(isAnswered(aaaa) ? (['AAAA'] as const) : []), ...(isAnswered(a) ? (['A'] as const) : [])];
};

/** The record sets that answer for the name itself, a wildcard's under the name that was asked. */
export const setsFor = ({ a, aaaa }: NameAnswer): readonly RecordSet[] => {
  const found = [a, aaaa].flatMap(({ hops: [first], end }) =>
    first !== undefined
      ? [{ ...first.set, name: first.name }]
      : end.kind === 'records'
        ? end.sets.map((set) => ({ ...set, name: end.name }))
        : [],
  );
  return [...new Map(found.map((set) => [`${set.type} ${JSON.stringify(set.values)}`, set])).values()];
};

/** The wildcard that answers for the name itself, as Route 53 writes it; undefined where none does. */
export const wildcardFor = ({ a, aaaa }: NameAnswer): string | undefined =>
  [a, aaaa]
    .map(({ hops: [first], end }) =>
      first === undefined ? (end.kind === 'records' ? end.wildcard : undefined) : first.wildcard,
    )
    .find((found) => found !== undefined);
