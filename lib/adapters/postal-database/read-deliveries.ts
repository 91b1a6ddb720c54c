import * as z from 'zod';
import { type DeliveryTally, windowStartMs } from '../../core/postal/audit/delivery-tally.ts';
import { deliveryOf } from '../../core/postal/database/delivery-block.ts';
import type { DeliveryFact } from '../../core/postal/database/delivery-page.ts';
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

/** Reads the deliveries of incoming mail to SMTP endpoints with ids above `after`, up to `upTo`, by id. One whose endpoint is of another type is none of them. */
export const readRange = async (
  query: Query,
  statements: Statements,
  after: number,
  upTo: number,
): Promise<readonly DeliveryFact[]> =>
  (await readRows(query, statements.deliveries(after, upTo), deliveryRow)).flatMap((row) => {
    const isOfRoute = row.endpoint_type === null && row.endpoint_id === null;
    const isNamed = row.endpoint_type !== null && row.endpoint_id !== null;
    if (!isNamed && !isOfRoute) return [];
    return {
      id: row.id,
      messageId: row.message_id,
      endpointId: row.endpoint_id,
      routeId: isOfRoute ? row.route_id : null,
      status: row.status ?? '',
      details: row.details,
      output: row.output,
      isEncrypted: row.sent_with_ssl === 1,
      atMs: (row.timestamp ?? 0) * 1000,
    };
  });

/** The newest delivery's id, and the one after which the window begins; the same where nothing is in it. Undefined: there was never a delivery. */
export const readWindow = async (
  query: Query,
  statements: Statements,
  nowMs: number,
): Promise<{ readonly newestId: number; readonly before: number } | undefined> => {
  const startSeconds = windowStartMs(nowMs) / 1000;
  const [newest] = await readRows(query, statements.newest, placeRow);
  if (newest === undefined) return undefined;
  if ((newest.timestamp ?? 0) <= startSeconds) return { newestId: newest.id, before: newest.id };
  const first = await firstIdOfWindow(query, statements, newest.id, startSeconds);
  return { newestId: newest.id, before: Math.max(0, first - 1 - overlap) };
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
  const { newestId = 0, before = 0 } = (await readWindow(query, statements, nowMs)) ?? {};
  for (let after = before; after < newestId; after += deliveryIdsPerStatement) {
    const upTo = Math.min(newestId, after + deliveryIdsPerStatement);
    for (const fact of await readRange(query, statements, after, upTo)) {
      const delivery = deliveryOf(serverId, fact, byRoute);
      if (delivery !== undefined) tally.add(delivery);
    }
  }
};
