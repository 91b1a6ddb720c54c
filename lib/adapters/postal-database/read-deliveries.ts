import * as z from 'zod';
import { type DeliveryTally, windowStartMs } from '../../core/postal/audit/delivery-tally.ts';
import type { Query } from './connect.ts';
import { readRows } from './rows.ts';
import { deliveryIdsPerStatement, type messageStatements } from './statements.ts';

type Statements = ReturnType<typeof messageStatements>;

const id = z.number().int();
const seconds = z.number();
const placeRow = z.object({ id, timestamp: seconds.nullable() });

/** Ids are given out a little before their rows appear: so many before the window's first are read as well. */
const overlap = 200;

/** The first id of the window. Ids rise with time, and the time has no index, so this halves the range of ids until one is left. */
const firstIdOfWindow = async (
  query: Query,
  { firstFrom }: Statements,
  newestId: number,
  startSeconds: number,
): Promise<number> => {
  let low = 1;
  let high = newestId;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [found] = await readRows(query, firstFrom(middle), placeRow);
    if (found === undefined || (found.timestamp ?? 0) > startSeconds) high = middle;
    else low = Math.max(middle, found.id) + 1;
  }
  return Math.min(low, newestId);
};

const deliveryRow = z.object({
  id,
  message_id: id,
  status: z.string().nullable(),
  details: z.string().nullable(),
  output: z.string().nullable(),
  sent_with_ssl: z.number().nullable(),
  timestamp: seconds.nullable(),
  endpoint_type: z.string().nullable(),
  endpoint_id: id.nullable(),
  route_id: id.nullable(),
});
type DeliveryRow = z.output<typeof deliveryRow>;

/** The endpoint that the message names, or where it names none, that of its route now. */
const endpointOf = (
  { endpoint_type, endpoint_id, route_id }: DeliveryRow,
  byRoute: ReadonlyMap<number, number>,
): number | undefined => {
  if (endpoint_type !== null) return endpoint_id ?? undefined;
  return endpoint_id === null && route_id !== null ? byRoute.get(route_id) : undefined;
};

/** Reads a server's deliveries of the window into the tally, a thousand ids at a time. */
export const readDeliveries = async (
  query: Query,
  statements: Statements,
  serverId: number,
  byRoute: ReadonlyMap<number, number>,
  nowMs: number,
  tally: DeliveryTally,
): Promise<void> => {
  const startSeconds = windowStartMs(nowMs) / 1000;
  const [newest] = await readRows(query, statements.newest, placeRow);
  if (newest === undefined || (newest.timestamp ?? 0) <= startSeconds) return;
  const first = await firstIdOfWindow(query, statements, newest.id, startSeconds);
  for (let after = Math.max(0, first - 1 - overlap); after < newest.id; after += deliveryIdsPerStatement) {
    const upTo = Math.min(newest.id, after + deliveryIdsPerStatement);
    for (const row of await readRows(query, statements.deliveries(after, upTo), deliveryRow)) {
      const endpointId = endpointOf(row, byRoute);
      if (endpointId === undefined) continue;
      tally.add({
        id: row.id,
        messageId: row.message_id,
        serverId,
        endpointId,
        status: row.status ?? '',
        details: row.details,
        output: row.output,
        isEncrypted: row.sent_with_ssl === 1,
        atMs: (row.timestamp ?? 0) * 1000,
      });
    }
  }
};
