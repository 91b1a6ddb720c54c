import * as z from 'zod';
import type { Query } from './connect.ts';
import { readRows } from './rows.ts';
import {
  type mainStatements,
  type messageStatements,
  queueIdsPerStatement,
  type UnfinishedPart,
  unfinishedRowsPerStatement,
} from './statements.ts';

/** Between a message's arrival and its row in the queue lies a moment; ten minutes are no moment. */
const settlingMs = 600_000;

const unfinishedRow = z.object({ part: z.number().int(), id: z.number().int(), timestamp: z.string() });
const queuedRow = z.object({ message_id: z.number().int() });

const everyPart: readonly UnfinishedPart[] = (['Pending', 'SoftFail', 'Error'] as const).flatMap((status) =>
  ([0, 1] as const).map((spam) => ({ status, spam, from: '0', skip: 0 })),
);

/** Goes on where the rows of one part ended: several messages may have the same time. */
const continued = (part: UnfinishedPart, rows: readonly { readonly timestamp: string }[]): UnfinishedPart => {
  const from = rows.at(-1)?.timestamp ?? part.from;
  const ofThatMoment = rows.filter(({ timestamp }) => timestamp === from).length;
  return { ...part, from, skip: from === part.from ? part.skip + ofThatMoment : ofThatMoment };
};

/** Ids of incoming messages that have not come to an end, and are old enough to be in the queue. */
async function* unfinishedIds(
  query: Query,
  { unfinished }: ReturnType<typeof messageStatements>,
  beforeSeconds: number,
): AsyncGenerator<readonly number[]> {
  let parts = everyPart;
  while (parts.length > 0) {
    const limit = Math.floor(unfinishedRowsPerStatement / parts.length);
    const rows = await readRows(query, unfinished(parts, beforeSeconds), unfinishedRow);
    yield rows.map(({ id }) => id);
    parts = parts.flatMap((part, index) => {
      const own = rows.filter((row) => row.part === index);
      return own.length < limit ? [] : [continued(part, own)];
    });
  }
}

type Source<Statements> = { readonly query: Query; readonly statements: Statements };

/** Of these ids those without a row in the queue. */
const withoutQueueRow = async (
  { query, statements }: Source<ReturnType<typeof mainStatements>>,
  serverId: number,
  ids: readonly number[],
): Promise<readonly number[]> => {
  const rows = await readRows(query, statements.queued(serverId, ids), queuedRow);
  const queued = new Set(rows.map((row) => row.message_id));
  return ids.filter((id) => !queued.has(id));
};

/**
 * How many of a server's incoming messages are unfinished, older than ten minutes, and not in the queue. Postal finishes a message first and drops its row from the
 * queue then: what it finished between our two looks is looked at a third time, as far as one statement goes.
 */
export const countNotQueued = async (
  main: Source<ReturnType<typeof mainStatements>>,
  { query, statements }: Source<ReturnType<typeof messageStatements>>,
  serverId: number,
  nowMs: number,
): Promise<number> => {
  const missing: number[] = [];
  let waiting: readonly number[] = [];
  for await (const ids of unfinishedIds(query, statements, (nowMs - settlingMs) / 1000)) {
    waiting = [...waiting, ...ids];
    for (; waiting.length >= queueIdsPerStatement; waiting = waiting.slice(queueIdsPerStatement))
      missing.push(...(await withoutQueueRow(main, serverId, waiting.slice(0, queueIdsPerStatement))));
  }
  if (waiting.length > 0) missing.push(...(await withoutQueueRow(main, serverId, waiting)));
  if (missing.length === 0) return 0;
  const again = missing.slice(0, queueIdsPerStatement);
  const still = await readRows(query, statements.stillUnfinished(again), z.object({ id: z.number().int() }));
  return missing.length - again.length + still.length;
};
