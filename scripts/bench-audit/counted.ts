import * as z from 'zod';
import type { Query } from '../../lib/adapters/postal-database/connect.ts';

const counters = z.array(z.object({ Variable_name: z.string(), Value: z.coerce.number() }));

/** A statement and the rows that its handlers read. */
export type Counted = { readonly sql: string; readonly rows: number };

const handlerReads = async (query: Query): Promise<number> =>
  counters.parse(await query("SHOW SESSION STATUS LIKE 'Handler_read%'")).reduce((sum, { Value }) => sum + Value, 0);

/** Runs statements on a connection and keeps what each read; what reading the counters reads itself does not count. */
export const countingRows = async (
  query: Query,
): Promise<{ readonly query: Query; readonly statements: readonly Counted[] }> => {
  await handlerReads(query);
  const first = await handlerReads(query);
  const ownRows = (await handlerReads(query)) - first;
  const statements: Counted[] = [];
  return {
    statements,
    query: async (sql) => {
      const before = await handlerReads(query);
      const rows = await query(sql);
      statements.push({ sql, rows: (await handlerReads(query)) - before - ownRows });
      return rows;
    },
  };
};
