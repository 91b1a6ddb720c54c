/** Names of people's choosing, made fit for a statement. */
const name = (text: string): string => `\`${text.replaceAll('`', '``')}\``;
const string = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** An account of MariaDB. */
export type GrantedAccount = { readonly user: string; readonly host: string };

export const accountText = ({ user, host }: GrantedAccount): string => `${string(user)}@${string(host)}`;

/** The columns that are read, by table of the main database. No secret is among them. */
const mainColumns = {
  organizations: 'id, permalink, deleted_at, suspended_at',
  servers: 'id, organization_id, permalink, mode, deleted_at, suspended_at',
  smtp_endpoints: 'id, server_id, name, hostname, port, ssl_mode, last_used_at',
  routes: 'id, server_id, domain_id, endpoint_id, endpoint_type, name, mode',
  additional_route_endpoints: 'id, route_id, endpoint_type, endpoint_id',
  domains: 'id, name',
  queued_messages: 'id, server_id, message_id, attempts, locked_at, created_at, batch_key',
  schema_migrations: 'version',
} as const;

/** The same for a message database: neither senders nor recipients, subjects or contents. */
const messageColumns = {
  messages: 'id, scope, spam, route_id, endpoint_id, endpoint_type, status, timestamp',
  deliveries: 'id, message_id, status, details, output, sent_with_ssl, timestamp',
} as const;

const grantsOn = (
  database: string,
  columns: Readonly<Record<string, string>>,
  account: GrantedAccount,
): readonly string[] =>
  Object.entries(columns).map(
    ([table, names]) => `GRANT SELECT (${names}) ON ${name(database)}.${name(table)} TO ${accountText(account)};`,
  );

/** The rights to read endpoints, routes and the queue. */
export const inventoryGrants = (account: GrantedAccount, database: string): readonly string[] =>
  grantsOn(database, mainColumns, account);

/** The rights to read the deliveries of one mail server. */
export const deliveryGrants = (account: GrantedAccount, database: string): readonly string[] =>
  grantsOn(database, messageColumns, account);

/** How the account proves who it is: a password, or the hash of one that is set already. */
export type AccountPassword =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hash'; readonly hash: string };

/** The statement that makes the account: two connections at most, and no statement longer than 5 s. */
export const createAccount = (
  account: GrantedAccount,
  password: AccountPassword,
  { requireTls }: { readonly requireTls: boolean },
): string => {
  const proof = password.kind === 'text' ? `BY ${string(password.text)}` : `BY PASSWORD ${string(password.hash)}`;
  return `CREATE USER ${accountText(account)} IDENTIFIED ${proof}${requireTls ? ' REQUIRE SSL' : ''} WITH MAX_USER_CONNECTIONS 2 MAX_STATEMENT_TIME 5;`;
};
