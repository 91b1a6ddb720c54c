// The tables of Postal 2 and 3 that an audit reads, and beside them those whose contents nobody may see, as `SHOW CREATE TABLE` has them.

const text = 'varchar(255) DEFAULT NULL';
const int = 'int(11) DEFAULT NULL';
const when = 'datetime(6) DEFAULT NULL';
const flag = 'tinyint(1) DEFAULT 0';
const moment = 'decimal(18,6) DEFAULT NULL';

type Columns = Readonly<Record<string, string>>;

const table = (name: string, columns: Columns, keys: readonly string[] = []): string => {
  const id = '`id` int(11) NOT NULL AUTO_INCREMENT';
  const parts = [
    id,
    ...Object.entries(columns).map(([column, type]) => `\`${column}\` ${type}`),
    'PRIMARY KEY (`id`)',
    ...keys,
  ];
  return `CREATE TABLE \`${name}\` (${parts.join(', ')}) ENGINE=InnoDB;`;
};

const touched = { created_at: when, updated_at: when };

/** DDL of the main database. */
export const mainSchema: string = [
  table('organizations', {
    uuid: text,
    name: text,
    permalink: text,
    time_zone: text,
    ...touched,
    owner_id: int,
    deleted_at: when,
    suspended_at: when,
    suspension_reason: text,
  }),
  table('servers', {
    organization_id: int,
    uuid: text,
    name: text,
    mode: text,
    ...touched,
    permalink: text,
    deleted_at: when,
    message_retention_days: int,
    token: text,
    postmaster_address: text,
    suspended_at: when,
    suspension_reason: text,
    privacy_mode: flag,
  }),
  table('smtp_endpoints', {
    server_id: int,
    uuid: text,
    name: text,
    hostname: text,
    ssl_mode: text,
    port: int,
    error: 'text DEFAULT NULL',
    disabled_until: when,
    last_used_at: when,
    ...touched,
  }),
  table('routes', {
    uuid: text,
    server_id: int,
    domain_id: int,
    endpoint_id: int,
    endpoint_type: text,
    name: text,
    spam_mode: text,
    ...touched,
    token: text,
    mode: text,
  }),
  table('additional_route_endpoints', { route_id: int, endpoint_type: text, endpoint_id: int, ...touched }),
  table('domains', {
    server_id: int,
    uuid: text,
    name: text,
    verification_token: text,
    dkim_private_key: 'text DEFAULT NULL',
    owner_type: text,
    owner_id: int,
    ...touched,
  }),
  table(
    'queued_messages',
    {
      server_id: int,
      message_id: int,
      domain: text,
      locked_by: text,
      locked_at: when,
      retry_after: 'datetime DEFAULT NULL',
      ...touched,
      ip_address_id: int,
      attempts: 'int(11) DEFAULT 0',
      route_id: int,
      manual: flag,
      batch_key: text,
    },
    [
      'KEY `index_queued_messages_on_domain` (`domain`(8))',
      'KEY `index_queued_messages_on_message_id` (`message_id`)',
      'KEY `index_queued_messages_on_server_id` (`server_id`)',
    ],
  ),
  table('http_endpoints', { server_id: int, name: text, url: text, ...touched }),
  table('address_endpoints', { server_id: int, address: text, ...touched }),
  table('credentials', { server_id: int, key: text, type: text, name: text, ...touched }),
  table('users', {
    first_name: text,
    email_address: text,
    password_digest: text,
    password_reset_token: text,
    ...touched,
  }),
  table('webhooks', { server_id: int, name: text, url: text, ...touched }),
  table('webhook_requests', { server_id: int, url: text, payload: 'text DEFAULT NULL', error: 'text DEFAULT NULL' }),
  'CREATE TABLE `schema_migrations` (`version` varchar(255) NOT NULL, PRIMARY KEY (`version`)) ENGINE=InnoDB;',
].join('\n');

/** DDL of one message database. */
export const messageSchema: string = [
  table(
    'messages',
    {
      token: text,
      scope: 'varchar(10) DEFAULT NULL',
      rcpt_to: text,
      mail_from: text,
      subject: text,
      message_id: text,
      timestamp: moment,
      route_id: int,
      domain_id: int,
      credential_id: int,
      status: text,
      held: flag,
      size: text,
      last_delivery_attempt: moment,
      raw_table: text,
      raw_body_id: int,
      raw_headers_id: int,
      spam: flag,
      spam_score: 'decimal(8,2) DEFAULT 0.00',
      threat: flag,
      threat_details: text,
      bounce: flag,
      bounce_for_id: 'int(11) DEFAULT 0',
      tag: text,
      hold_expiry: moment,
      endpoint_id: int,
      endpoint_type: text,
    },
    [
      'KEY `on_message_id` (`message_id`(8))',
      'KEY `on_token` (`token`(6))',
      'KEY `on_held` (`held`)',
      'KEY `on_scope_and_status` (`scope`(1),`spam`,`status`(6),`timestamp`)',
      'KEY `on_scope_and_spam` (`scope`(1),`spam`,`timestamp`)',
      'KEY `on_scope_and_thr_status` (`scope`(1),`threat`,`status`(6),`timestamp`)',
      'KEY `on_rcpt_to` (`rcpt_to`(12),`timestamp`)',
      'KEY `on_status` (`status`(8))',
    ],
  ),
  table(
    'deliveries',
    {
      message_id: int,
      status: text,
      code: int,
      output: 'varchar(512) DEFAULT NULL',
      details: 'varchar(512) DEFAULT NULL',
      sent_with_ssl: flag,
      log_id: 'varchar(100) DEFAULT NULL',
      timestamp: moment,
      time: 'decimal(8,2) DEFAULT NULL',
    },
    ['KEY `on_message_id` (`message_id`)'],
  ),
  'CREATE TABLE `migrations` (`version` int(11) NOT NULL, PRIMARY KEY (`version`)) ENGINE=InnoDB;',
  table('raw-2026-01-01', { data: 'longblob DEFAULT NULL', next: int }),
].join('\n');

/** `USE` the database, made new. */
export const newDatabase = (name: string, schema: string): string =>
  `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4; USE \`${name}\`; ${schema}`;

/** Versions of `schema_migrations` by release. */
export const schemaVersions = { '2.3': '20240206173036', '3.0': '20240223141501', '3.3': '20240311205229' } as const;
