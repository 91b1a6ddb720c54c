import * as z from 'zod';
import { DeliveryTally } from '../../core/postal/audit/delivery-tally.ts';
import { deliveryGrants } from '../../core/postal/audit/grants.ts';
import type { PostalServer, ServerDeliveries, Snapshot } from '../../core/postal/audit/snapshot.ts';
import { endpointByRoute } from '../../core/postal/audit/waiting.ts';
import type { DatabaseFacts, DeliveryCursors } from '../../core/postal/database/database-answer.ts';
import type { DeliveryPage } from '../../core/postal/database/delivery-page.ts';
import { type Account, readAccount } from './account.ts';
import type { Query } from './connect.ts';
import { DatabaseUnavailable } from './database-failure.ts';
import { readDeliveries } from './read-deliveries.ts';
import { type InventoryServer, readEndpoints, readRoutes, readServers } from './read-inventory.ts';
import { readPage } from './read-page.ts';
import { readQueue, readServerQueues } from './read-queue.ts';
import { countNotQueued } from './read-unfinished.ts';
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

type OwnStatements = ReturnType<typeof messageStatements>;
/** Reads deliveries of one mail server. */
type DeliveryReader = (own: OwnStatements, serverId: number, byRoute: ReadonlyMap<number, number>) => Promise<void>;

const readWith = async (
  { main, messages, database, messagePrefix }: PostalDatabases,
  nowMs: number,
  isWanted: ServerFilter,
  readDeliveriesOf: DeliveryReader,
): Promise<Omit<Snapshot, 'deliveries'>> => {
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
  const servers: PostalServer[] = [];
  for (const server of inventory) {
    const name = messageDatabase(messagePrefix, server.id);
    const { waiting = 0, oldestLockAtMs = null } = queues.get(server.id) ?? {};
    const own = messageStatements(name);
    const read = async (): Promise<ServerDeliveries> => {
      await readDeliveriesOf(own, server.id, byRoute);
      const notQueued = await countNotQueued(
        { query: main, statements },
        { query: messages, statements: own },
        server.id,
        { ofServer: waiting, servers: queues.size },
        nowMs,
      );
      return { kind: 'read', notQueued };
    };
    const deliveries = readable.has(name) ? await orNotGranted(read, account, name) : notGranted(account, name);
    servers.push({ ...server, oldestLockAtMs, deliveries });
  }
  return { atMs: nowMs, postalSchema, servers, endpoints, routes, queue };
};

/** Reads everything that an audit needs, as of `nowMs` (milliseconds since the epoch). Rejects with `DatabaseUnavailable`. */
export const readSnapshot = async (
  databases: PostalDatabases,
  nowMs: number,
  isWanted: ServerFilter = () => true,
): Promise<Snapshot> => {
  const tally = new DeliveryTally(nowMs);
  const rest = await readWith(databases, nowMs, isWanted, (own, serverId, byRoute) =>
    readDeliveries(databases.messages, own, serverId, byRoute, nowMs, tally),
  );
  return { ...rest, deliveries: tally.facts() };
};

/** The same, but of the deliveries only those after the cursors, in pages. Rejects with `DatabaseUnavailable`. */
export const readFacts = async (
  databases: PostalDatabases,
  nowMs: number,
  cursors: DeliveryCursors,
): Promise<DatabaseFacts> => {
  const pages: DeliveryPage[] = [];
  const rest = await readWith(
    databases,
    nowMs,
    () => true,
    async (own, serverId) => {
      pages.push(await readPage(databases.messages, own, serverId, cursors.get(serverId), nowMs));
    },
  );
  const granted = new Set(rest.servers.flatMap(({ id, deliveries }) => (deliveries.kind === 'read' ? [id] : [])));
  return {
    snapshot: { ...rest, deliveries: new Map() },
    pages: pages.filter(({ serverId }) => granted.has(serverId)),
  };
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
