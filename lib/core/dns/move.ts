import type { Plan } from './plan.ts';
import { dnsValue, type RecordSet } from './record-set.ts';

type Sides = Pick<Plan, 'hostname' | 'before' | 'after'>;

/** Route 53's own, in a zone whose SOA nobody has changed, seconds. */
export const usualNegativeTtlSeconds = 900;

const own = (hostname: string, sets: readonly RecordSet[]): readonly RecordSet[] =>
  sets.filter(({ name }) => name === hostname);

/** The address types that a question finds something for; a CNAME answers both. */
const answered = (hostname: string, sets: readonly RecordSet[]): readonly string[] =>
  ['AAAA', 'A'].filter((wanted) => own(hostname, sets).some(({ type }) => type === wanted || type === 'CNAME'));

/** Address types that the name has afterwards and did not have before: resolvers may remember that there was none. */
export const appearingTypes = ({ hostname, before, after }: Sides): readonly string[] => {
  const had = answered(hostname, before);
  return answered(hostname, after).filter((type) => !had.includes(type));
};

/** Address types that the name had and has no more: resolvers may still remember them, and Postal goes where they lead. */
export const vanishingTypes = ({ hostname, before, after }: Sides): readonly string[] =>
  appearingTypes({ hostname, before: after, after: before });

/** Whether a change leads a name that has records elsewhere. */
export const isMove = ({ hostname, before, after }: Sides): boolean => {
  const values = (sets: readonly RecordSet[]): string =>
    JSON.stringify(
      own(hostname, sets)
        .map(({ type, values: each }) => [type, ...each.map((value) => dnsValue(type, value)).sort()])
        .sort(),
    );
  return own(hostname, before).length > 0 && own(hostname, after).length > 0 && values(before) !== values(after);
};

/**
 * Seconds after which every resolver knows where a name leads now: the old TTL is over, and so is the negative TTL where a type appears that was not there
 * before.
 */
export const effectiveWithinSeconds = (sides: Sides, negativeTtlSeconds: number): number =>
  Math.max(
    0,
    ...own(sides.hostname, sides.before).map(({ ttlSeconds }) => ttlSeconds),
    appearingTypes(sides).length > 0 ? negativeTtlSeconds : 0,
  );

/** How long resolvers remember that something is not in a zone (RFC 2308 §5), by its SOA record set; undefined where that is none. */
export const negativeTtlOf = (soa: RecordSet | undefined): number | undefined => {
  const minimum = soa?.values[0]?.trim().split(/\s+/)[6];
  return soa === undefined || minimum === undefined || !/^\d{1,10}$/.test(minimum)
    ? undefined
    : Math.min(soa.ttlSeconds, Number(minimum));
};
