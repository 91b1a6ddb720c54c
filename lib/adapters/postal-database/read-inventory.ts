import * as z from 'zod';
import type { PostalEndpoint, PostalRoute, PostalServer } from '../../core/postal/audit/snapshot.ts';
import type { Query } from './connect.ts';
import { readPages, readRows } from './rows.ts';
import { type mainStatements, pageRows } from './statements.ts';

type Statements = ReturnType<typeof mainStatements>;

const id = z.number().int();
const nullableText = z.string().nullable();

const serverRow = z.object({
  id,
  permalink: nullableText,
  mode: nullableText,
  deleted_at: nullableText,
  suspended_at: nullableText,
  organization: nullableText,
  organization_deleted_at: nullableText,
  organization_suspended_at: nullableText,
});

/** What the main database says of one server. */
export type InventoryServer = Pick<PostalServer, 'id' | 'name' | 'mode' | 'isSuspended'>;

/** Servers that are not being deleted, nor their organizations. */
export const readServers = async (query: Query, { servers }: Statements): Promise<readonly InventoryServer[]> => {
  const rows = await readPages((after) => readRows(query, servers(after), serverRow), pageRows);
  return rows
    .filter((row) => row.organization !== null && row.deleted_at === null && row.organization_deleted_at === null)
    .map((row) => ({
      id: row.id,
      name: `${row.organization}/${row.permalink}`,
      mode: row.mode,
      isSuspended: row.suspended_at !== null || row.organization_suspended_at !== null,
    }));
};

const endpointRow = z.object({
  id,
  server_id: id.nullable(),
  name: nullableText,
  hostname: nullableText,
  port: z.number().int().nullable(),
  ssl_mode: nullableText,
  last_used_at: nullableText,
});

export const readEndpoints = async (query: Query, { endpoints }: Statements): Promise<readonly PostalEndpoint[]> => {
  const rows = await readPages((after) => readRows(query, endpoints(after), endpointRow), pageRows);
  return rows.map((row) => ({
    id: row.id,
    serverId: row.server_id ?? 0,
    name: row.name ?? '',
    hostname: row.hostname ?? '',
    port: row.port,
    sslMode: row.ssl_mode,
    wasUsed: row.last_used_at !== null,
  }));
};

const smtp = 'SMTPEndpoint';
const routeRow = z.object({
  id,
  server_id: id.nullable(),
  name: nullableText,
  domain: nullableText,
  mode: nullableText,
  endpoint_type: nullableText,
  endpoint_id: id.nullable(),
});
const additionalRow = z.object({
  id,
  route_id: id.nullable(),
  endpoint_type: nullableText,
  endpoint_id: id.nullable(),
});

export const readRoutes = async (
  query: Query,
  { routes, additionalEndpoints }: Statements,
): Promise<readonly PostalRoute[]> => {
  const rows = await readPages((after) => readRows(query, routes(after), routeRow), pageRows);
  const additional = new Map<number, number[]>();
  for (const row of await readPages((after) => readRows(query, additionalEndpoints(after), additionalRow), pageRows)) {
    if (row.endpoint_type !== smtp || row.route_id === null || row.endpoint_id === null) continue;
    additional.set(row.route_id, [...(additional.get(row.route_id) ?? []), row.endpoint_id]);
  }
  return rows.map((row) => ({
    id: row.id,
    serverId: row.server_id ?? 0,
    address: `${row.name ?? ''}${row.domain === null ? '' : `@${row.domain}`}`,
    mode: row.mode,
    isSmtp: row.endpoint_type === smtp,
    endpointId: row.endpoint_id,
    additionalEndpointIds: additional.get(row.id) ?? [],
  }));
};
