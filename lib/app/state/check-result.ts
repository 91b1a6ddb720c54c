import * as z from 'zod';
import { type CheckResult, checkedRowSchema, checkHeadSchema } from '../../core/watch/check-result.ts';
import type { Json, StateStore } from '../ports/state-store.ts';

const results = 'check-results';
const keptSeconds = 3600;
/** An item of DynamoDB holds 400 KB; a row has some 400 octets at most. */
const rowsAnItem = 500;

/** The key of a check: those who turn its pages press buttons that carry it. */
export const checkId = (requestId: string): string => requestId.slice(0, 16);

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** Keeps a result for an hour. */
export const saveCheckResult = async (
  state: StateStore,
  id: string,
  { rows, ...head }: CheckResult,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const expiresAt = Math.floor(nowMs / 1000) + keptSeconds;
  const parts = Math.ceil(rows.length / rowsAnItem);
  for (let part = 0; part < parts; part += 1) {
    const value = asJson(rows.slice(part * rowsAnItem, (part + 1) * rowsAnItem));
    await state.put({ collection: results, key: `${id}#${part}`, value, expiresAt }, false, signal);
  }
  // Last: what can be found is whole.
  await state.put({ collection: results, key: id, value: asJson({ ...head, parts }), expiresAt }, false, signal);
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
