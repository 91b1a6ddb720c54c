import * as z from 'zod';
import type { Query } from './connect.ts';
import { DatabaseUnavailable } from './database-failure.ts';

/** A `datetime` of MariaDB, which Postal writes in UTC: `2026-11-29 20:37:03.123456`; as milliseconds since the epoch. */
export const dateTime = z.string().transform((text, context) => {
  const ms = Date.parse(`${text.replace(' ', 'T').slice(0, 23)}Z`);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue(`not a date: ${text}`);
  return z.NEVER;
});

/** Runs a statement and reads its rows. Rejects with `DatabaseUnavailable`, also where a row is not as Postal's schema has it. */
export const readRows = async <Row extends z.ZodType>(
  query: Query,
  sql: string,
  row: Row,
): Promise<readonly z.output<Row>[]> => {
  const parsed = z.array(row).safeParse(await query(sql));
  if (parsed.success) return parsed.data;
  const { path = [], message = 'unknown' } = parsed.error.issues[0] ?? {};
  throw new DatabaseUnavailable('not-postal', `column ${String(path.at(-1))}: ${message}`);
};

/** Reads a table from its beginning to its end, a page at a time. */
export const readPages = async <Row extends { readonly id: number }>(
  page: (after: number) => Promise<readonly Row[]>,
  rowsAPage: number,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (;;) {
    const next = await page(rows.at(-1)?.id ?? 0);
    rows.push(...next);
    if (next.length < rowsAPage) return rows;
  }
};
