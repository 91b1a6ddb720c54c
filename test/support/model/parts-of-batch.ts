import type { Ledger } from '../../../lib/app/ports/ledger.ts';
import { markerName } from '../../../lib/core/dns/marker.ts';
import { changeBatch } from '../../../lib/core/dns/plan.ts';
import { type RecordChange, recordSetKey } from '../../../lib/core/dns/record-set.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';

const { signal } = new AbortController();

/** What of a batch is one change's. */
export type BatchPart = {
  readonly hostname: string;
  readonly changeId: string;
  readonly changes: readonly RecordChange[];
};

export const batchKey = (changes: readonly RecordChange[]): string =>
  JSON.stringify(changes.map(({ action, recordSet }) => [action, recordSetKey(recordSet)]));

const hostnameOf = ({ recordSet: { name } }: RecordChange): string => name.replace(markerName(''), '');

/** The changes that a batch makes, by its comment and, of a bulk, by what the ledger holds of each name: the part of it whose plan this is. */
export const partsOfBatch = async (
  ledger: Pick<Ledger, 'read'>,
  comment: string,
  changes: readonly RecordChange[],
): Promise<readonly BatchPart[]> => {
  const id = comment.split(' ').at(-1) ?? '';
  const parts: BatchPart[] = [];
  for (const [hostname, own] of Map.groupBy(changes, hostnameOf)) {
    if (!comment.includes(' bulk ')) parts.push({ hostname, changeId: id, changes: own });
    else {
      const part = [...fold(await ledger.read(hostname, signal)).changes.values()].findLast(
        ({ partOf, plan }) => partOf === id && batchKey(changeBatch(plan)) === batchKey(own),
      );
      parts.push({ hostname, changeId: part?.changeId ?? `unknown part of ${id}`, changes: own });
    }
  }
  return parts;
};
