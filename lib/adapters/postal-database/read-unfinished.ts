import * as z from 'zod';
import type { Query } from './connect.ts';
import { readPages, readRows } from './rows.ts';
import {
  limitsOf,
  type mainStatements,
  type messageStatements,
  pageRows,
  rowsPerStatement,
  type UnfinishedPart,
} from './statements.ts';

/** Between a message's arrival and its row in the queue lies a moment; ten minutes are no moment. */
const settlingMs = 600_000;

const unfinishedRow = z.object({ part: z.number().int(), id: z.number().int(), timestamp: z.string() });
const queuedRow = z.object({ message_id: z.number().int().nullable() });
const queueRow = queuedRow.extend({ id: z.number().int() });

const everyPart: readonly UnfinishedPart[] = (['Pending', 'SoftFail', 'Error'] as const).flatMap((status) =>
  ([0, 1] as const).map((spam) => ({ status, spam, at: '0', afterId: 'later' as const })),
);

type UnfinishedRow = z.output<typeof unfinishedRow>;

/** The rest of a part that was read up to the row limit: other rows of its last moment, and all later rows. */
const restOf = (part: UnfinishedPart, last: UnfinishedRow): readonly UnfinishedPart[] => {
  const moment = { ...part, at: last.timestamp, afterId: last.id };
  return part.afterId === 'later' ? [moment, { ...moment, afterId: 'later' }] : [moment];
};

/** Ids of incoming messages that have not come to an end, and are old enough to be in the queue. */
async function* unfinishedIds(
  query: Query,
  { unfinished }: ReturnType<typeof messageStatements>,
  beforeSeconds: number,
): AsyncGenerator<readonly number[]> {
  let parts = everyPart;
  while (parts.length > 0) {
    const limits = limitsOf(parts);
    const rows = await readRows(query, unfinished(parts, beforeSeconds), unfinishedRow);
    yield rows.map(({ id }) => id);
    parts = parts.flatMap((part, index) => {
      const own = rows.filter((row) => row.part === index);
      const last = own.at(-1);
      return last === undefined || own.length < (limits[index] ?? 0) ? [] : restOf(part, last);
    });
  }
}

type Source<Statements> = { readonly query: Query; readonly statements: Statements };
type Main = Source<ReturnType<typeof mainStatements>>;

/** How much is in the queue: of this server, and of how many servers at all. */
export type QueueSize = { readonly ofServer: number; readonly servers: number };

/** Asks for the ids: a message id is in the queue once for every server that has such a message, and each of these is read. */
const askFor = async ({ query, statements }: Main, serverId: number, ids: readonly number[], perStatement: number) => {
  const queued = new Set<number | null>();
  for (let at = 0; at < ids.length; at += perStatement) {
    const rows = await readRows(query, statements.queuedAmong(serverId, ids.slice(at, at + perStatement)), queuedRow);
    for (const row of rows) queued.add(row.message_id);
  }
  return queued;
};

/** Reads the server's queue from its beginning to its end. */
const readAll = async ({ query, statements }: Main, serverId: number) => {
  const rows = await readPages((after) => readRows(query, statements.queuedOf(serverId, after), queueRow), pageRows);
  return new Set(rows.map((row) => row.message_id));
};

/** Which of these messages are in the queue, by whichever way takes fewer statements. */
const queuedOf = (
  main: Main,
  serverId: number,
  ids: readonly number[],
  { ofServer, servers }: QueueSize,
): Promise<ReadonlySet<number | null>> => {
  const perStatement = Math.max(1, Math.floor(rowsPerStatement / (1 + servers)));
  const isShort = Math.floor(ofServer / pageRows) + 1 <= Math.ceil(ids.length / perStatement);
  return isShort ? readAll(main, serverId) : askFor(main, serverId, ids, perStatement);
};

/**
 * How many of a server's incoming messages are unfinished, older than ten minutes, and not in the queue. Postal finishes a message first and drops its row from the
 * queue then: what it finished between our two looks is looked at a third time, as far as one statement goes.
 */
export const countNotQueued = async (
  main: Main,
  { query, statements }: Source<ReturnType<typeof messageStatements>>,
  serverId: number,
  queue: QueueSize,
  nowMs: number,
): Promise<number> => {
  const ids: number[] = [];
  for await (const some of unfinishedIds(query, statements, (nowMs - settlingMs) / 1000)) ids.push(...some);
  if (ids.length === 0) return 0;
  const queued = await queuedOf(main, serverId, ids, queue);
  const missing = ids.filter((id) => !queued.has(id));
  if (missing.length === 0) return 0;
  const again = missing.slice(0, pageRows);
  const still = await readRows(query, statements.stillUnfinished(again), z.object({ id: z.number().int() }));
  return missing.length - again.length + still.length;
};
