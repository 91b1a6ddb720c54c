import { compareReversedLabels } from '../../core/dns/reversed-label-order.ts';
import { parseName } from '../../core/endpoint/name.ts';
import type { LocalRecordSet, RecordSets } from './record-set.ts';

/** Most record sets of one page. */
export const recordSetsPageMaximum = 300;

/** Where a listing starts: at a name, at a type of it, at a set identifier of that. */
export type ListStart = {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly identifier?: string | undefined;
};

export type RecordSetPage = {
  readonly recordSets: readonly LocalRecordSet[];
  readonly next: LocalRecordSet | undefined;
};

const compareText = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

const compare = (left: LocalRecordSet, right: LocalRecordSet): number =>
  compareReversedLabels(left.name, right.name) ||
  compareText(left.type, right.type) ||
  compareText(left.setIdentifier ?? '', right.setIdentifier ?? '');

/** One page of a zone, in Route 53's order, from the first set that does not sort before `start`. */
export const listRecordSets = (recordSets: RecordSets, start: ListStart, pageSize: number): RecordSetPage => {
  const sorted = [...recordSets.values()].toSorted(compare);
  const parsed = start.name === undefined ? undefined : parseName(start.name);
  const startName = parsed?.ok === true ? parsed.name : undefined;
  const from =
    startName === undefined
      ? 0
      : sorted.findIndex(
          (set) =>
            compare(set, { name: startName, type: start.type ?? '', setIdentifier: start.identifier, values: [] }) >= 0,
        );
  if (from === -1) return { recordSets: [], next: undefined };
  const until = from + Math.min(pageSize, recordSetsPageMaximum);
  return { recordSets: sorted.slice(from, until), next: sorted[until] };
};
