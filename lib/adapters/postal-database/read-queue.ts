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

const lockRow = z.object({ server_id: z.number().int().nullable(), oldest: dateTime });

/** The oldest lock of each server; milliseconds since the epoch. */
export const readLocks = async (query: Query, { locks }: Statements): Promise<ReadonlyMap<number, number>> =>
  new Map((await readRows(query, locks, lockRow)).map((row) => [row.server_id ?? 0, row.oldest]));
