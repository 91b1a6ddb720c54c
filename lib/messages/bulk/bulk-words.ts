import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { changeVerbs } from '../../core/dns/plan.ts';
import { infinitive } from '../change/change-words.ts';

/** `1 name`, `37 names`. */
export const namesText = (count: number): string => `${count} ${count === 1 ? 'name' : 'names'}`;

/** `30 add · 5 update · 2 remove`. */
export const verbCounts = ({ parts }: Pick<BulkState, 'parts'>): string =>
  changeVerbs
    .map((verb) => [verb, parts.filter(({ plan }) => plan.verb === verb).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verb, count]) => `${count} ${infinitive[verb]}`)
    .join(' · ');

/** `37 of 40`, or `40` where nothing is left out. */
export const ofProposed = ({ parts, leftOutCount }: Pick<BulkState, 'parts' | 'leftOutCount'>): string =>
  leftOutCount === 0 ? String(parts.length) : `${parts.length} of ${parts.length + leftOutCount}`;
