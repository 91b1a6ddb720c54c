/** Rows that a statement returns at most, where it reads in pages. */
export const pageRows = 1000;

/** Ids of deliveries that a statement covers. */
export const deliveryIdsPerStatement = 1000;

/** Keys and rows that a statement may read, where that depends on its arguments. */
export const rowsPerStatement = 2400;

/** Unfinished messages that one statement reads, over all its parts. */
export const unfinishedRowsPerStatement = 1800;

/** A name in backticks. */
const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** The statements on the main database. Every one stands alone and touches a bounded number of rows, but for the two that read the whole queue. */
export const mainStatements = (database: string) => {
  const table = (name: string): string => `${quoted(database)}.${quoted(name)}`;
  return {
    schema: `SELECT MAX(version) AS version FROM ${table('schema_migrations')}`,
    servers: (after: number) =>
      `SELECT s.id, s.permalink, s.mode, s.deleted_at, s.suspended_at, o.permalink AS organization, o.deleted_at AS organization_deleted_at, o.suspended_at AS organization_suspended_at FROM ${table('servers')} s LEFT JOIN ${table('organizations')} o ON o.id = s.organization_id WHERE s.id > ${after} ORDER BY s.id LIMIT ${pageRows}`,
    endpoints: (after: number) =>
      `SELECT id, server_id, name, hostname, port, ssl_mode, last_used_at FROM ${table('smtp_endpoints')} WHERE id > ${after} ORDER BY id LIMIT ${pageRows}`,
    routes: (after: number) =>
      `SELECT r.id, r.server_id, r.name, d.name AS domain, r.mode, r.endpoint_type, r.endpoint_id FROM ${table('routes')} r LEFT JOIN ${table('domains')} d ON d.id = r.domain_id WHERE r.id > ${after} ORDER BY r.id LIMIT ${pageRows}`,
    additionalEndpoints: (after: number) =>
      `SELECT id, route_id, endpoint_type, endpoint_id FROM ${table('additional_route_endpoints')} WHERE id > ${after} ORDER BY id LIMIT ${pageRows}`,
    queue: `SELECT batch_key, COUNT(*) AS waiting, SUM(attempts > 0) AS tried, MIN(created_at) AS oldest, MAX(attempts) AS attempts FROM ${table('queued_messages')} WHERE batch_key LIKE 'incoming-%' GROUP BY batch_key`,
    queueByServer: `SELECT server_id, COUNT(*) AS waiting, MIN(locked_at) AS oldest_lock FROM ${table('queued_messages')} GROUP BY server_id`,
    /** By the index on message ids, in which every server's messages are. */
    queuedAmong: (serverId: number, messageIds: readonly number[]) =>
      `SELECT message_id FROM ${table('queued_messages')} WHERE server_id = ${serverId} AND message_id IN (${messageIds.join(', ')})`,
    /** By the index on servers. */
    queuedOf: (serverId: number, after: number) =>
      `SELECT id, message_id FROM ${table('queued_messages')} FORCE INDEX (index_queued_messages_on_server_id) WHERE server_id = ${serverId} AND id > ${after} ORDER BY id LIMIT ${pageRows}`,
  };
};

/** Which databases have a table `deliveries` that this account may read. */
export const deliveriesDatabases = `SELECT table_schema AS name FROM information_schema.tables WHERE table_name = 'deliveries'`;

export const currentAccount = 'SELECT CURRENT_USER() AS account, USER() AS seen';

/**
 * A part of the unfinished incoming messages, as the index `on_scope_and_status` has them: from the moment after `at` on, or of that very moment those with ids
 * above `afterId`. Several messages may have the same time.
 */
export type UnfinishedPart = {
  readonly status: 'Pending' | 'SoftFail' | 'Error';
  readonly spam: 0 | 1;
  /** Seconds since the epoch, as the database wrote them. */
  readonly at: string;
  readonly afterId: number | 'later';
};

/** Of one moment there are few messages as a rule. */
const momentRows = 100;

/** How many rows a statement reads of each of its parts. */
export const limitsOf = (parts: readonly UnfinishedPart[]): readonly number[] => {
  const later = parts.filter(({ afterId }) => afterId === 'later').length;
  const moments = parts.length - later;
  const ofMoment = later === 0 ? Math.floor(unfinishedRowsPerStatement / moments) : momentRows;
  const ofLater = Math.floor((unfinishedRowsPerStatement - moments * momentRows) / later);
  return parts.map(({ afterId }) => (afterId === 'later' ? ofLater : ofMoment));
};

/** The statements on one message database. */
export const messageStatements = (database: string) => {
  const deliveries = `${quoted(database)}.\`deliveries\``;
  const messages = `${quoted(database)}.\`messages\``;
  return {
    newest: `SELECT id, timestamp FROM ${deliveries} ORDER BY id DESC LIMIT 1`,
    firstFrom: (id: number) => `SELECT id, timestamp FROM ${deliveries} WHERE id >= ${id} ORDER BY id LIMIT 1`,
    /** The first of these ids whose delivery was made less than a moment ago: ids are given out before their rows can be read. */
    unsettled: (after: number, upTo: number, sinceSeconds: number) =>
      `SELECT MIN(id) AS id FROM ${deliveries} WHERE id > ${after} AND id <= ${upTo} AND timestamp >= ${sinceSeconds}`,
    deliveries: (after: number, upTo: number) =>
      `SELECT STRAIGHT_JOIN d.id, d.message_id, d.status, d.details, d.output, d.sent_with_ssl, d.timestamp, m.endpoint_type, m.endpoint_id, m.route_id FROM ${deliveries} d JOIN ${messages} m ON m.id = d.message_id WHERE d.id > ${after} AND d.id <= ${upTo} AND m.scope = 'incoming' AND (m.endpoint_type = 'SMTPEndpoint' OR m.endpoint_type IS NULL) ORDER BY d.id`,
    /** In the order of the index, which is chosen by name: the optimiser would rather sort all that are unfinished. */
    unfinished: (parts: readonly UnfinishedPart[], before: number) => {
      const limits = limitsOf(parts);
      return parts
        .map(({ status, spam, at, afterId }, part) => {
          const place = afterId === 'later' ? `timestamp > ${at}` : `timestamp = ${at} AND id > ${afterId}`;
          return `(SELECT ${part} AS part, id, CAST(timestamp AS CHAR) AS timestamp FROM ${messages} FORCE INDEX (on_scope_and_status) WHERE scope = 'incoming' AND spam = ${spam} AND status = '${status}' AND ${place} AND timestamp < ${before} ORDER BY ${messages}.timestamp LIMIT ${limits[part] ?? 0})`;
        })
        .join(' UNION ALL ');
    },
    stillUnfinished: (ids: readonly number[]) =>
      `SELECT id FROM ${messages} WHERE id IN (${ids.join(', ')}) AND status IN ('Pending', 'SoftFail', 'Error')`,
  };
};
