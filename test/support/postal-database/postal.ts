import { dateTimeText, insert, type Value } from './rows.ts';
import { mainSchema, messageSchema, newDatabase, schemaVersions } from './schema.ts';

type Row = Readonly<Record<string, Value>>;

/** An incoming message with its attempts, as Postal's books have it. `undefined` values take those of a message delivered over TLS an hour ago. */
export type Mail = {
  readonly server: number;
  readonly endpoint: number | null;
  readonly route: number;
  /** Seconds before now of each attempt, with its status. */
  readonly attempts: readonly {
    readonly ageSeconds: number;
    readonly status: string;
    readonly encrypted?: boolean;
    readonly details?: string;
    readonly output?: string;
  }[];
  /** Whether a row of the queue is left. */
  readonly waits?: boolean;
  readonly lockedForSeconds?: number;
  readonly scope?: 'incoming' | 'outgoing';
};

/** What is in every column that no audit needs. */
export const planted = 'PLANTED-SECRET';

/** Content of a Postal with one organization, `acme`. Server ids, endpoints and routes are the test's. */
export type PostalContent = {
  readonly prefix: string;
  readonly database: string;
  readonly nowMs: number;
  readonly schema: keyof typeof schemaVersions;
  readonly servers: readonly {
    readonly id: number;
    readonly permalink: string;
    readonly mode?: string;
    readonly suspended?: boolean;
    readonly deleted?: boolean;
  }[];
  readonly endpoints: readonly {
    readonly id: number;
    readonly server: number;
    readonly hostname: string;
    readonly port?: number | null;
    readonly sslMode?: string | null;
    readonly used?: boolean;
    readonly name?: string;
  }[];
  readonly routes: readonly {
    readonly id: number;
    readonly server: number;
    readonly name: string;
    readonly mode?: string;
    readonly endpoint?: number | null;
    readonly additional?: readonly number[];
  }[];
  readonly mail: readonly Mail[];
};

const domain = 'acme.example';

const mainRows = ({ database, nowMs, schema, servers, endpoints, routes }: PostalContent): readonly string[] => {
  const at = dateTimeText(nowMs - 86_400_000);
  return [
    insert(database, 'schema_migrations', [{ version: '20170418200606' }, { version: schemaVersions[schema] }]),
    insert(database, 'organizations', [
      { id: 1, name: planted, permalink: 'acme', deleted_at: null, suspended_at: null, suspension_reason: planted },
    ]),
    insert(
      database,
      'servers',
      servers.map(
        ({ id, permalink, mode = 'Live', suspended = false, deleted = false }): Row => ({
          id,
          organization_id: 1,
          name: planted,
          permalink,
          mode,
          deleted_at: deleted ? at : null,
          suspended_at: suspended ? at : null,
          token: planted,
          postmaster_address: `${planted}@${domain}`,
          suspension_reason: planted,
        }),
      ),
    ),
    insert(
      database,
      'smtp_endpoints',
      endpoints.map(
        ({ id, server, hostname, port = null, sslMode = 'Auto', used = true, name = `Endpoint ${id}` }): Row => ({
          id,
          server_id: server,
          uuid: planted,
          name,
          hostname,
          ssl_mode: sslMode,
          port,
          error: planted,
          last_used_at: used ? at : null,
        }),
      ),
    ),
    insert(database, 'domains', [{ id: 1, name: domain, verification_token: planted, dkim_private_key: planted }]),
    insert(
      database,
      'routes',
      routes.map(
        ({ id, server, name, mode = 'Endpoint', endpoint = null }): Row => ({
          id,
          server_id: server,
          domain_id: 1,
          endpoint_id: endpoint,
          endpoint_type: endpoint === null ? null : 'SMTPEndpoint',
          name,
          mode,
          token: planted,
        }),
      ),
    ),
    ...routes.flatMap(({ id, additional = [] }) =>
      additional.length === 0
        ? []
        : [
            insert(
              database,
              'additional_route_endpoints',
              additional.map((endpoint) => ({ route_id: id, endpoint_type: 'SMTPEndpoint', endpoint_id: endpoint })),
            ),
          ],
    ),
    insert(database, 'http_endpoints', [{ url: `https://${planted}@app.example/` }]),
    insert(database, 'credentials', [{ key: planted, name: planted }]),
    insert(database, 'users', [
      {
        first_name: planted,
        email_address: `${planted}@${domain}`,
        password_digest: planted,
        password_reset_token: planted,
      },
    ]),
    insert(database, 'webhooks', [{ url: planted, name: planted }]),
    insert(database, 'webhook_requests', [{ url: planted, payload: planted, error: planted }]),
  ];
};

const mailRows = ({ prefix, database, nowMs, mail }: PostalContent): readonly string[] => {
  const messages = new Map<number, Row[]>();
  const deliveries: (Row & { readonly server: number; readonly timestamp: number })[] = [];
  const queue: Row[] = [];
  for (const [
    index,
    { server, endpoint, route, attempts, waits = false, lockedForSeconds, scope = 'incoming' },
  ] of mail.entries()) {
    const id = 1000 + index;
    const arrivedMs = nowMs - Math.max(0, ...attempts.map(({ ageSeconds }) => ageSeconds)) * 1000 - 5000;
    const row = {
      id,
      token: planted,
      scope,
      rcpt_to: `${planted}@${domain}`,
      mail_from: `${planted}@sender.example`,
      subject: planted,
      message_id: planted,
      timestamp: arrivedMs / 1000,
      route_id: route,
      status: attempts.at(-1)?.status ?? 'Pending',
      tag: planted,
      threat_details: planted,
      raw_table: planted,
      endpoint_id: endpoint,
      endpoint_type: endpoint === null ? null : 'SMTPEndpoint',
    };
    messages.set(server, [...(messages.get(server) ?? []), row]);
    for (const {
      ageSeconds,
      status,
      encrypted = true,
      details = `Message for ${planted}@${domain} accepted by 10.0.0.1:25 (mx)`,
      output = null,
    } of attempts)
      deliveries.push({
        server,
        message_id: id,
        status,
        details,
        output,
        sent_with_ssl: encrypted ? 1 : 0,
        log_id: planted,
        timestamp: nowMs / 1000 - ageSeconds,
        time: 0.1,
      });
    if (!waits) continue;
    queue.push({
      server_id: server,
      message_id: id,
      domain: planted,
      locked_by: lockedForSeconds === undefined ? null : planted,
      locked_at: lockedForSeconds === undefined ? null : dateTimeText(nowMs - lockedForSeconds * 1000),
      created_at: dateTimeText(arrivedMs),
      attempts: attempts.length,
      route_id: route,
      batch_key:
        scope === 'incoming'
          ? `incoming-rt:${route}-ep:${endpoint === null ? '-' : `${endpoint}-SMTPEndpoint`}`
          : `outgoing-${planted}`,
    });
  }
  const inOrder = deliveries.toSorted((one, other) => one.timestamp - other.timestamp);
  return [
    ...[...messages].map(([server, rows]) => insert(`${prefix}-server-${server}`, 'messages', rows)),
    ...[...Map.groupBy(inOrder, ({ server }) => server)].map(([server, rows]) =>
      insert(
        `${prefix}-server-${server}`,
        'deliveries',
        rows.map(({ server: _server, ...row }) => row),
      ),
    ),
    ...(queue.length === 0 ? [] : [insert(database, 'queued_messages', queue)]),
  ];
};

/** The statements that make a Postal's databases with this content. */
export const postalDatabases = (content: PostalContent): string =>
  [
    newDatabase(content.database, mainSchema),
    ...content.servers.map(({ id }) => newDatabase(`${content.prefix}-server-${id}`, messageSchema)),
    ...content.servers.map(({ id }) => insert(`${content.prefix}-server-${id}`, 'raw-2026-01-01', [{ data: planted }])),
    ...mainRows(content),
    ...mailRows(content),
  ].join('\n');
