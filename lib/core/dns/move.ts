import type { Plan } from './plan.ts';
import { dnsValue, type RecordSet } from './record-set.ts';

type Sides = Pick<Plan, 'hostname' | 'before' | 'after' | 'wildcard'>;

/** Route 53's own, in a zone whose SOA nobody has changed, seconds. */
export const usualNegativeTtlSeconds = 900;

/** The records that answer for a hostname on one side of a plan: its own, else a wildcard's. */
const answering = ({ hostname, wildcard }: Sides, sets: readonly RecordSet[]): readonly RecordSet[] => {
  const own = sets.filter(({ name }) => name === hostname);
  return own.length > 0 || wildcard === undefined ? own : wildcard.sets;
};

/** The address types that a question finds something for; a CNAME answers both. */
const answered = (sides: Sides, sets: readonly RecordSet[]): readonly string[] =>
  ['AAAA', 'A'].filter((wanted) => answering(sides, sets).some(({ type }) => type === wanted || type === 'CNAME'));

/** Address types that the name has afterwards and did not have before: resolvers may have cached that there was none. */
export const appearingTypes = (sides: Sides): readonly string[] => {
  const had = answered(sides, sides.before);
  return answered(sides, sides.after).filter((type) => !had.includes(type));
};

/** Address types that the name had and has no more: resolvers may still have them cached, and Postal uses them. */
export const vanishingTypes = (sides: Sides): readonly string[] =>
  appearingTypes({ ...sides, before: sides.after, after: sides.before });

/** Whether a change leads a name that has an answer elsewhere. */
export const isMove = (sides: Sides): boolean => {
  const [before, after] = [sides.before, sides.after].map((sets) =>
    answering(sides, sets)
      .map(({ type, values }) => JSON.stringify([type, ...values.map((value) => dnsValue(type, value)).sort()]))
      .sort()
      .join(),
  );
  return before !== '' && after !== '' && before !== after;
};

/** How long resolvers may have the earlier answer cached, in seconds. */
export const rememberedBeforeSeconds = (sides: Sides): number =>
  Math.max(0, ...answering(sides, sides.before).map(({ ttlSeconds }) => ttlSeconds));

/**
 * Seconds after which every resolver knows where a name leads now: the old TTL is over, and so is the negative TTL where a type appears that was not there
 * before.
 */
export const effectiveWithinSeconds = (sides: Sides, negativeTtlSeconds: number): number =>
  Math.max(rememberedBeforeSeconds(sides), appearingTypes(sides).length > 0 ? negativeTtlSeconds : 0);

/** How long resolvers cache that something is not in a zone (RFC 2308 §5), by its SOA record set; undefined if that is not a valid SOA. */
export const negativeTtlOf = (soa: RecordSet | undefined): number | undefined => {
  const minimum = soa?.values[0]?.trim().split(/\s+/)[6];
  return soa === undefined || minimum === undefined || !/^\d{1,10}$/.test(minimum)
    ? undefined
    : Math.min(soa.ttlSeconds, Number(minimum));
};
