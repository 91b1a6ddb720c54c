import * as z from 'zod';
import { databaseAnswerLimits } from '../../core/limits/limits.ts';
import { scrubbedText } from '../../core/postal/audit/without-addresses.ts';
import type { DeliveryFact, DeliveryPage } from '../../core/postal/database/delivery-page.ts';
import type { Query } from './connect.ts';
import { readRange, readWindow } from './read-deliveries.ts';
import { readRows } from './rows.ts';
import type { messageStatements } from './statements.ts';

type Statements = ReturnType<typeof messageStatements>;

/** Rows younger than this are left for the next call: one with a lower id may still be on its way into the table. */
const settlingMs = 5_000;

const firstRow = z.object({ id: z.number().int().nullable() });
const newestRow = z.object({ id: z.number().int() });

const scrubbed = (fact: DeliveryFact): DeliveryFact => ({
  ...fact,
  status: fact.status.slice(0, 40),
  details: fact.details === null ? null : scrubbedText(fact.details),
  output: fact.output === null ? null : scrubbedText(fact.output),
});

/** Where to go on: after the cursor, or where the window begins when there is none, or a cursor that this database cannot have given. */
const placeOf = async (
  query: Query,
  statements: Statements,
  cursor: number | undefined,
  nowMs: number,
): Promise<{ readonly isFirst: boolean; readonly after: number; readonly newestId: number }> => {
  if (cursor !== undefined) {
    const [newest] = await readRows(query, statements.newest, newestRow);
    if (newest !== undefined && newest.id >= cursor) return { isFirst: false, after: cursor, newestId: newest.id };
  }
  const { newestId = 0, before = 0 } = (await readWindow(query, statements, nowMs)) ?? {};
  return { isFirst: true, after: before, newestId };
};

/** Reads the next deliveries of one mail server: a thousand ids at most, none younger than 5 s. */
export const readPage = async (
  query: Query,
  statements: Statements,
  serverId: number,
  cursor: number | undefined,
  nowMs: number,
): Promise<DeliveryPage> => {
  const { isFirst, after, newestId } = await placeOf(query, statements, cursor, nowMs);
  const within = Math.min(newestId, after + databaseAnswerLimits.idsPerServer);
  const page = { serverId, isFirst, after };
  if (within <= after) return { ...page, upTo: after, idsLeft: 0, deliveries: [] };
  const sinceSeconds = (nowMs - settlingMs) / 1000;
  const [young] = await readRows(query, statements.unsettled(after, within, sinceSeconds), firstRow);
  const upTo = young?.id == null ? within : young.id - 1;
  const facts = upTo <= after ? [] : await readRange(query, statements, after, upTo);
  return {
    ...page,
    upTo,
    idsLeft: young?.id == null ? newestId - within : 0,
    deliveries: facts.map(scrubbed),
  };
};
