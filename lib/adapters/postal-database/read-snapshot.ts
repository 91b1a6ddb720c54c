import * as z from 'zod';
import { DeliveryTally } from '../../core/postal/audit/delivery-tally.ts';
import { deliveryGrants } from '../../core/postal/audit/grants.ts';
import type { PostalServer, ServerDeliveries, Snapshot } from '../../core/postal/audit/snapshot.ts';
import { endpointByRoute } from '../../core/postal/audit/waiting.ts';
import { type Account, readAccount } from './account.ts';
import type { Query } from './connect.ts';
import { DatabaseUnavailable } from './database-failure.ts';
import { readDeliveries } from './read-deliveries.ts';
import { type InventoryServer, readEndpoints, readRoutes, readServers } from './read-inventory.ts';
import { readQueue, readServerQueues } from './read-queue.ts';
import { countNotQueued, type QueueSize } from './read-unfinished.ts';
import { readRows } from './rows.ts';
import { deliveriesDatabases, mainStatements, messageStatements } from './statements.ts';

/** Where Postal keeps what: the main database, and the message databases, `<prefix>-server-<id>`, which may be on another server. */
export type PostalDatabases = {
  readonly main: Query;
  readonly messages: Query;
  /** Name of the main database. */
  readonly database: string;
  readonly messagePrefix: string;
};

const schemaRow = z.object({ version: z.string().nullable() });
const nameRow = z.object({ name: z.string() });

const readSchema = async (query: Query, sql: string): Promise<string> => {
  const [row] = await readRows(query, sql, schemaRow);
  if (row?.version) return row.version;
  throw new DatabaseUnavailable('not-postal', 'schema_migrations is empty');
};

/** The name of a server's message database. */
export const messageDatabase = (prefix: string, serverId: number | string): string => `${prefix}-server-${serverId}`;

/** Servers of these databases only, by a test of their names and ids. */
export type ServerFilter = (server: InventoryServer) => boolean;

/** Reads everything that an audit needs, as of `nowMs` (milliseconds since the epoch). Rejects with `DatabaseUnavailable`. */
export const readSnapshot = async (
  { main, messages, database, messagePrefix }: PostalDatabases,
  nowMs: number,
  isWanted: ServerFilter = () => true,
): Promise<Snapshot> => {
  const statements = mainStatements(database);
  const postalSchema = await readSchema(main, statements.schema);
  const inventory = (await readServers(main, statements)).filter(isWanted);
  const endpoints = await readEndpoints(main, statements);
  const routes = await readRoutes(main, statements);
  const queue = await readQueue(main, statements, nowMs);
  const queues = await readServerQueues(main, statements);
  const readable = new Set((await readRows(messages, deliveriesDatabases, nameRow)).map(({ name }) => name));
  const { account } = await readAccount(messages);
  const byRoute = endpointByRoute(routes);
  const tally = new DeliveryTally(nowMs);
  const servers: PostalServer[] = [];
  for (const server of inventory) {
    const name = messageDatabase(messagePrefix, server.id);
    const { waiting = 0, oldestLockAtMs = null } = queues.get(server.id) ?? {};
    const queueSize = { ofServer: waiting, servers: queues.size };
    const read = (): Promise<ServerDeliveries> =>
      readServer({ main, messages, statements, name, server, byRoute, nowMs, tally, queueSize });
    const deliveries = readable.has(name) ? await orNotGranted(read, account, name) : notGranted(account, name);
    servers.push({ ...server, oldestLockAtMs, deliveries });
  }
  return { atMs: nowMs, postalSchema, servers, endpoints, routes, queue, deliveries: tally.facts() };
};

const notGranted = (account: Account, name: string): ServerDeliveries => ({
  kind: 'not granted',
  grants: deliveryGrants(account, name),
});

/** An account that may read one of the two tables alone, or too few of their columns, learns it by being refused. */
const orNotGranted = async (
  read: () => Promise<ServerDeliveries>,
  account: Account,
  name: string,
): Promise<ServerDeliveries> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatabaseUnavailable && error.reason === 'not-granted') return notGranted(account, name);
    throw error;
  }
};

const readServer = async (job: {
  readonly main: Query;
  readonly messages: Query;
  readonly statements: ReturnType<typeof mainStatements>;
  readonly name: string;
  readonly server: InventoryServer;
  readonly byRoute: ReadonlyMap<number, number>;
  readonly nowMs: number;
  readonly tally: DeliveryTally;
  readonly queueSize: QueueSize;
}): Promise<ServerDeliveries> => {
  const { main, messages, statements, name, server, byRoute, nowMs, tally, queueSize } = job;
  const own = messageStatements(name);
  await readDeliveries(messages, own, server.id, byRoute, nowMs, tally);
  const notQueued = await countNotQueued(
    { query: main, statements },
    { query: messages, statements: own },
    server.id,
    queueSize,
    nowMs,
  );
  return { kind: 'read', notQueued };
};
