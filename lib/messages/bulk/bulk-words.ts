import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { changeVerbs, type Plan } from '../../core/dns/plan.ts';
import { infinitive } from '../change/change-words.ts';
import { beforeAfter, targetsText } from '../change/record-lines.ts';

/** `1 name`, `37 names`. */
export const namesText = (count: number): string => `${count} ${count === 1 ? 'name' : 'names'}`;

/** `add 30, update 5, remove 2`. */
export const verbCounts = ({ parts }: Pick<BulkState, 'parts'>): string =>
  changeVerbs
    .map((verb) => [verb, parts.filter(({ plan }) => plan.verb === verb).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verb, count]) => `${infinitive[verb]} ${count}`)
    .join(', ');

/** `37 of 40`, or `40` where nothing is left out. */
export const ofProposed = ({ parts, leftOutCount }: Pick<BulkState, 'parts' | 'leftOutCount'>): string =>
  leftOutCount === 0 ? String(parts.length) : `${parts.length} of ${parts.length + leftOutCount}`;

/** Where a name leads after its change; before it as well, where it had led somewhere. */
export const leadsText = (plan: Plan): string => {
  const { definitionBefore, definitionAfter } = plan;
  if (definitionBefore === undefined && definitionAfter !== undefined) return targetsText(definitionAfter.targets);
  if (definitionAfter === undefined && definitionBefore !== undefined) return targetsText(definitionBefore.targets);
  return beforeAfter(plan);
};
