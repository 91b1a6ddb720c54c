import type { Plan } from '../../lib/core/dns/plan.ts';
import { type RecordSet, recordSetKey } from '../../lib/core/dns/record-set.ts';
import { canonicalName } from '../../lib/core/endpoint/name.ts';

/** What separates what stands from what is desired, as a plan's `before` and `after`; both are empty when nothing does. */
export const planTowards = (
  standing: readonly RecordSet[],
  desired: readonly RecordSet[],
): Pick<Plan, 'before' | 'after'> => {
  const wanted = desired.map((recordSet) => ({ ...recordSet, name: canonicalName(recordSet.name) }));
  const [standingKeys, wantedKeys] = [standing, wanted].map((recordSets) => new Set(recordSets.map(recordSetKey)));
  return {
    before: standing.filter((recordSet) => wantedKeys?.has(recordSetKey(recordSet)) !== true),
    after: wanted.filter((recordSet) => standingKeys?.has(recordSetKey(recordSet)) !== true),
  };
};

/** Whether a plan has nothing to do. */
export const isEmptyPlan = ({ before, after }: Pick<Plan, 'before' | 'after'>): boolean =>
  before.length === 0 && after.length === 0;
