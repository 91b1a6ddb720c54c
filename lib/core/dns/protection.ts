import { printable } from '../endpoint/printable.ts';
import type { RecordSet } from './record-set.ts';

/** A record set protection of Route 53: no record set of this name and type can be created, changed or deleted. The comment is anybody's text. */
export type Protection = { readonly name: string; readonly type: string; readonly comment?: string | undefined };

/** The protections that would refuse a change from the one list of record sets to the other; one that stays is deleted and created too. */
export const protectionsInTheWay = (
  protections: readonly Protection[],
  before: readonly RecordSet[],
  after: readonly RecordSet[],
): readonly Protection[] =>
  protections.filter(({ name, type }) => [...before, ...after].some((set) => set.name === name && set.type === type));

/** A protection in words. */
export const protectionText = ({ name, type, comment }: Protection): string =>
  `${name} ${type} is protected in Route 53${comment === undefined || comment.trim() === '' ? '' : ` (comment: "${printable(comment.trim())}")`}`;
