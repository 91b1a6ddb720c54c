import * as z from 'zod';
import { comparisonLimits } from '../../limits/limits.ts';
import { withinJsonOctets } from '../../limits/octets.ts';
import type { DeliveryFact } from '../database/delivery-page.ts';
import { deliveryWords } from '../explain/delivery-words.ts';
import { type Comparison, type IncomparableReason, incomparableReasons } from './compare-delivery.ts';
import { predictedValues } from './predicted.ts';

const count = z.int().min(0);
const dayMs = 86_400_000;

const countsSchema = z.strictObject({
  agreed: count,
  differs: count,
  /** By reason. */
  not: z.partialRecord(z.enum(incomparableReasons), count),
});
/** How many deliveries of registered endpoints agreed with the prediction, differed, or could not be compared. */
export type ComparisonCounts = z.infer<typeof countsSchema>;

const differenceSchema = z.strictObject({
  hostname: z.string(),
  predicted: z.enum(predictedValues),
  /** The first probe that predicted it. */
  predictedFromMs: z.int(),
  status: z.string(),
  /** Postal's words, without addresses; untrusted text. */
  said: z.string(),
  isEncrypted: z.boolean(),
  /** How many deliveries differed like this, and when the last of them was recorded. */
  count,
  lastMs: z.number(),
  /** Postal's release, by the profile. */
  release: z.string(),
});
/** Deliveries to one endpoint that differ from one prediction in the same way; times are milliseconds since the epoch. */
export type Difference = z.infer<typeof differenceSchema>;

/** What is kept of the comparison of a mail server's deliveries. Written as a whole, so each delivery that it is past is counted in it, once. */
export const comparisonsSchema = z.strictObject({
  /** Of the cursor with which the deliveries were read. */
  readingSinceMs: z.number(),
  /** The highest id of this reading that the comparison is past. */
  upTo: z.int(),
  /** Those of this reading that are not newer were compared in an earlier one. */
  onlyAfterMs: z.number(),
  /** The newest delivery that the comparison is past. */
  throughMs: z.number(),
  /** By day of the delivery, UTC. */
  days: z.record(z.string(), countsSchema),
  /** The newest last. */
  differences: z.array(differenceSchema),
});
export type Comparisons = z.infer<typeof comparisonsSchema>;

/** The record where a reading of the database begins; `before`: of an earlier one. */
export const comparisonsOfReading = (before: Comparisons | undefined, readingSinceMs: number): Comparisons => ({
  days: {},
  differences: [],
  throughMs: 0,
  ...before,
  readingSinceMs,
  upTo: -1,
  onlyAfterMs: before?.throughMs ?? 0,
});

const noCounts: ComparisonCounts = { agreed: 0, differs: 0, not: {} };

const counted = (counts: ComparisonCounts, comparison: Comparison): ComparisonCounts => {
  switch (comparison.kind) {
    case 'agreed':
      return { ...counts, agreed: counts.agreed + 1 };
    case 'differs':
      return { ...counts, differs: counts.differs + 1 };
    case 'not comparable':
      return { ...counts, not: { ...counts.not, [comparison.reason]: (counts.not[comparison.reason] ?? 0) + 1 } };
  }
};

const isLike = (one: Difference, other: Difference): boolean =>
  one.hostname === other.hostname &&
  one.predicted === other.predicted &&
  one.status === other.status &&
  one.isEncrypted === other.isEncrypted &&
  one.release === other.release;

/** The differences with one more; one like an earlier one takes its place. */
const withDifference = (differences: readonly Difference[], next: Difference): Difference[] => {
  const before = differences.find((each) => isLike(each, next));
  const others = differences.filter((each) => each !== before);
  return [...others, { ...next, count: next.count + (before?.count ?? 0) }].slice(-comparisonLimits.differences);
};

/** The record past one more delivery, which is of no registered endpoint. */
export const past = (before: Comparisons, { id, atMs }: DeliveryFact): Comparisons => ({
  ...before,
  upTo: id,
  throughMs: Math.max(before.throughMs, atMs),
});

/** The record past one more delivery to a registered endpoint, with what came of the comparison. */
export const withComparison = (
  before: Comparisons,
  fact: DeliveryFact,
  {
    comparison,
    hostname,
    release,
  }: { readonly comparison: Comparison; readonly hostname: string; readonly release: string },
): Comparisons => {
  const { atMs, status, isEncrypted, details, output } = fact;
  const day = new Date(atMs).toISOString().slice(0, 10);
  const after = {
    ...past(before, fact),
    days: { ...before.days, [day]: counted(before.days[day] ?? noCounts, comparison) },
  };
  if (comparison.kind !== 'differs') return after;
  const { predicted, fromMs } = comparison.span;
  const said = deliveryWords(details, output).replaceAll('\n', ' ');
  return {
    ...after,
    differences: withDifference(before.differences, {
      hostname,
      predicted,
      predictedFromMs: fromMs,
      status,
      said: withinJsonOctets(said, comparisonLimits.saidOctets),
      isEncrypted,
      count: 1,
      lastMs: atMs,
      release,
    }),
  };
};

/** The record without the days and differences that are no longer counted. */
export const withoutOldDays = (comparisons: Comparisons, nowMs: number): Comparisons => {
  const oldestMs = nowMs - comparisonLimits.days * dayMs;
  const oldest = new Date(oldestMs).toISOString().slice(0, 10);
  return {
    ...comparisons,
    days: Object.fromEntries(Object.entries(comparisons.days).filter(([day]) => day >= oldest)),
    differences: comparisons.differences.filter(({ lastMs }) => lastMs >= oldestMs),
  };
};

/** The counts of several mail servers and days together. */
export type ComparisonSummary = ComparisonCounts & {
  /** Deliveries from this day on, UTC: `2026-11-23`. */
  readonly sinceDay: string;
  /** The newest first. */
  readonly differences: readonly Difference[];
};

const added = (one: ComparisonCounts, other: ComparisonCounts): ComparisonCounts => {
  const not: Partial<Record<IncomparableReason, number>> = {};
  for (const reason of incomparableReasons) {
    const sum = (one.not[reason] ?? 0) + (other.not[reason] ?? 0);
    if (sum > 0) not[reason] = sum;
  }
  return { agreed: one.agreed + other.agreed, differs: one.differs + other.differs, not };
};

/** Adds up, with the differences of the names that someone may see; undefined where nothing was compared. */
export const comparisonSummary = (
  all: readonly Comparisons[],
  may: (hostname: string) => boolean = () => true,
): ComparisonSummary | undefined => {
  const days = all.flatMap((each) => Object.entries(each.days));
  const [sinceDay] = days.map(([day]) => day).toSorted();
  if (sinceDay === undefined) return undefined;
  return {
    ...days.map(([, counts]) => counts).reduce(added),
    sinceDay,
    differences: all
      .flatMap((each) => each.differences)
      .filter(({ hostname }) => may(hostname))
      .toSorted((one, other) => other.lastMs - one.lastMs),
  };
};
