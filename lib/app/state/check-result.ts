import * as z from 'zod';
import { budgets } from '../../core/limits/limits.ts';
import { jsonOctets, withinJsonOctets } from '../../core/limits/octets.ts';
import {
  type CheckedRow,
  type CheckResult,
  checkedRowSchema,
  checkHeadSchema,
} from '../../core/watch/health/check-result.ts';
import type { StateStore } from '../ports/state-store.ts';
import { asJson } from './collection.ts';

const results = 'check-results';
const keptSeconds = 3600;
/** What servers say in a row is cut to this, octets of JSON. */
const longestBrief = 400;
const partOctets = budgets.stateItem / 2;

/** Rows in parts; each part fits into one item. */
const inParts = (rows: readonly CheckedRow[]): readonly (readonly CheckedRow[])[] => {
  const parts: CheckedRow[][] = [];
  let room = 0;
  for (const { brief, ...row } of rows) {
    const short = { ...row, brief: withinJsonOctets(brief, longestBrief) };
    const octets = jsonOctets(short) + 1;
    if (octets > room) {
      parts.push([]);
      room = partOctets;
    }
    room -= octets;
    parts.at(-1)?.push(short);
  }
  return parts;
};

/** The key of a check: those who turn its pages press buttons that carry it. */
export const checkId = (requestId: string): string => requestId.slice(0, 16);

/** Keeps a result for an hour. */
export const saveCheckResult = async (
  state: StateStore,
  id: string,
  { rows, ...head }: CheckResult,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const expiresAt = Math.floor(nowMs / 1000) + keptSeconds;
  const parts = inParts(rows);
  for (const [part, value] of parts.entries())
    await state.put({ collection: results, key: `${id}#${part}`, value: asJson(value), expiresAt }, false, signal);
  // Last: what can be found is whole.
  await state.put(
    { collection: results, key: id, value: asJson({ ...head, parts: parts.length }), expiresAt },
    false,
    signal,
  );
};

/** Reads a result; undefined where it is gone, or this version cannot read it. */
export const readCheckResult = async (
  state: StateStore,
  id: string,
  signal: AbortSignal,
): Promise<CheckResult | undefined> => {
  const head = checkHeadSchema.safeParse((await state.get(results, id, signal))?.value).data;
  if (head === undefined) return undefined;
  const { parts, ...rest } = head;
  const items = await Promise.all(
    Array.from({ length: parts }, (_, part) => state.get(results, `${id}#${part}`, signal)),
  );
  const rows = items.map((item) => z.array(checkedRowSchema).safeParse(item?.value).data);
  return rows.some((part) => part === undefined) ? undefined : { ...rest, rows: rows.flatMap((part) => part ?? []) };
};
