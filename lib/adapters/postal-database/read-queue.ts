import * as z from 'zod';
import type { QueueGroup } from '../../core/postal/audit/snapshot.ts';
import type { Query } from './connect.ts';
import { dateTime, readRows } from './rows.ts';
import type { mainStatements } from './statements.ts';

type Statements = ReturnType<typeof mainStatements>;

const groupRow = z.object({
  batch_key: z.string(),
  waiting: z.number(),
  tried: z.number().nullable(),
  oldest: dateTime.nullable(),
  attempts: z.number().nullable(),
});

/** What waits, by batch key. */
export const readQueue = async (query: Query, { queue }: Statements, nowMs: number): Promise<readonly QueueGroup[]> =>
  (await readRows(query, queue, groupRow)).map((row) => ({
    batchKey: row.batch_key,
    count: row.waiting,
    tried: row.tried ?? 0,
    oldestAtMs: row.oldest ?? nowMs,
    maxAttempts: row.attempts ?? 0,
  }));

const serverRow = z.object({
  server_id: z.number().int().nullable(),
  waiting: z.number(),
  oldest_lock: dateTime.nullable(),
});

/** The queue of one mail server. */
export type ServerQueue = {
  readonly waiting: number;
  /** Milliseconds since the epoch. */
  readonly oldestLockAtMs: number | null;
};

/** The queue by server id; a server without an entry has nothing in it. */
export const readServerQueues = async (
  query: Query,
  { queueByServer }: Statements,
): Promise<ReadonlyMap<number, ServerQueue>> => {
  const rows = await readRows(query, queueByServer, serverRow);
  return new Map(
    rows.map(({ server_id, waiting, oldest_lock }) => [server_id ?? 0, { waiting, oldestLockAtMs: oldest_lock }]),
  );
};
