import { mainSchema, messageSchema, newDatabase, schemaVersions } from '../../test/support/postal-database/schema.ts';

/** The size of a Postal: messages of 30 days, spread over its servers, most delivered at once, some at the second attempt, the last ones waiting. */
export type Size = {
  readonly endpoints: number;
  readonly messages: number;
  readonly servers: number;
  readonly waiting: number;
};

export const days = 30;

/** Names of the databases that hold a Postal with so many endpoints. */
export const databasesOf = (endpoints: number) => ({
  database: `postal-${endpoints}`,
  messagePrefix: `size-${endpoints}`,
});

const messagesOf = (server: number, { endpoints, messages, servers, waiting }: Size, nowSeconds: number): string => {
  const { database, messagePrefix } = databasesOf(endpoints);
  const own = `\`${messagePrefix}-server-${server}\``;
  const count = messages / servers;
  const spanSeconds = days * 86_400;
  const waits = Math.floor(waiting / servers);
  const at = `(${nowSeconds - spanSeconds} + seq * ${spanSeconds / count})`;
  const endpoint = `(1 + (seq * ${servers} + ${server - 1}) % ${endpoints})`;
  const isWaiting = `seq > ${count - waits}`;
  return `
INSERT INTO ${own}.messages (id, token, scope, rcpt_to, mail_from, subject, timestamp, route_id, status, endpoint_id, endpoint_type)
 SELECT seq, 'token', IF(seq % 5 = 0, 'outgoing', 'incoming'), 'user@acme.example', 'sender@ext.example', 'Subject', ${at}, ${endpoint},
  IF(${isWaiting}, 'SoftFail', 'Sent'), IF(seq % 5 = 0, NULL, ${endpoint}), IF(seq % 5 = 0, NULL, 'SMTPEndpoint') FROM seq_1_to_${count};
INSERT INTO ${own}.deliveries (message_id, status, details, output, sent_with_ssl, timestamp, time)
 SELECT id, attempt, IF(attempt = 'Sent', 'Message for user@acme.example accepted by 10.0.0.1:25 (mx)', 'Temporary SMTP delivery error when sending to 10.0.0.1:25 (mx)'), '250 2.0.0 Ok', 1, at, 0.2 FROM (
  SELECT id, 'SoftFail' AS attempt, timestamp + 1 AS at FROM ${own}.messages WHERE id % 3 = 0 OR status = 'SoftFail'
  UNION ALL SELECT id, status, timestamp + 2 FROM ${own}.messages) d ORDER BY at;
INSERT INTO \`${database}\`.queued_messages (server_id, message_id, domain, created_at, attempts, route_id, batch_key)
 SELECT ${server}, id, 'acme.example', FROM_UNIXTIME(timestamp), 2, route_id, CONCAT('incoming-rt:', route_id, '-ep:', endpoint_id, '-SMTPEndpoint')
 FROM ${own}.messages WHERE status = 'SoftFail' AND scope = 'incoming';`;
};

/** The statements that make such a Postal. */
export const contentOf = (size: Size, nowSeconds: number): string => {
  const { endpoints, servers } = size;
  const { database, messagePrefix } = databasesOf(endpoints);
  const ids = Array.from({ length: servers }, (_, index) => index + 1);
  return [
    "SET time_zone = '+00:00', unique_checks = 0;",
    newDatabase(database, mainSchema),
    `INSERT INTO schema_migrations VALUES ('${schemaVersions['3.3']}');`,
    "INSERT INTO organizations (id, permalink) VALUES (1, 'acme'); INSERT INTO domains (id, name) VALUES (1, 'acme.example');",
    `INSERT INTO servers (id, organization_id, permalink, mode) SELECT seq, 1, CONCAT('server-', seq), 'Live' FROM seq_1_to_${servers};`,
    `INSERT INTO smtp_endpoints (id, server_id, name, hostname, ssl_mode, last_used_at) SELECT seq, 1 + seq % ${servers}, CONCAT('Endpoint ', seq), CONCAT('mx-', seq, '.corp.internal'), 'Auto', NOW() FROM seq_1_to_${endpoints};`,
    `INSERT INTO routes (id, server_id, domain_id, endpoint_id, endpoint_type, name, mode) SELECT seq, 1 + seq % ${servers}, 1, seq, 'SMTPEndpoint', CONCAT('user', seq), 'Endpoint' FROM seq_1_to_${endpoints};`,
    ...ids.map((id) => newDatabase(`${messagePrefix}-server-${id}`, messageSchema)),
    ...ids.map((id) => messagesOf(id, size, nowSeconds)),
    `ANALYZE TABLE \`${database}\`.queued_messages;`,
  ].join('\n');
};
