import { isIP } from 'node:net';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { type Connection, createConnection } from 'mysql2';
import { DatabaseUnavailable, databaseUnavailable } from './database-failure.ts';

/** Where the database is, and as whom to log in. */
export type DatabaseAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
};

/** How the connection is protected. Without TLS only loopback is used, unless `allowPlaintext` says otherwise. */
export type Protection = {
  /** PEM certificates of the authorities that may have signed the server's; absent: Node's own. */
  readonly ca?: string;
  readonly allowPlaintext: boolean;
  /** The server takes the password as it is, as RDS takes tokens and PAM takes passwords: it goes over TLS with a verified certificate alone, on loopback too. */
  readonly sendsPassword?: boolean;
};

/** Runs one SELECT, SET or SHOW, and gives its rows. Rejects with `DatabaseUnavailable`. */
export type Query = (sql: string) => Promise<readonly unknown[]>;

export type Database = {
  readonly query: Query;
  readonly isEncrypted: boolean;
  close(): void;
};

const connectTimeoutMs = 10_000;

/** Addresses and the name that never leave this machine. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * The certificate has to name the host as it was given, name or address. mysql2 itself compares a certificate at an address with "localhost"
 * (or with nothing), so this stands between the handshake of TLS and the login.
 */
const checkIdentityBeforeLogin = (connection: Connection, host: string): { wasChecked: boolean } => {
  const state = { wasChecked: false };
  const original: unknown = Reflect.get(connection, 'startTLS');
  if (typeof original !== 'function') throw new TypeError('mysql2 has no startTLS: the certificate cannot be checked');
  Reflect.set(connection, 'startTLS', (onSecure: (error?: Error) => void) =>
    Reflect.apply(original, connection, [
      (error?: Error) => {
        const socket: unknown = Reflect.get(connection, 'stream');
        if (error !== undefined || !(socket instanceof TLSSocket)) return onSecure(error ?? new Error('no TLS socket'));
        state.wasChecked = true;
        onSecure(checkServerIdentity(host, socket.getPeerCertificate()));
      },
    ]),
  );
  return state;
};

const opened = (connection: Connection, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => {
      connection.destroy();
      reject(new DatabaseUnavailable('timeout', 'the time for the whole audit is over'));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    connection.connect((error) => {
      signal.removeEventListener('abort', abort);
      if (error) reject(databaseUnavailable(error));
      else resolve();
    });
  });

type Tls = { readonly ca?: string; readonly verify: boolean; readonly sendsPassword: boolean };

const open = async (
  { host, port, user, password }: DatabaseAddress,
  tls: Tls | undefined,
  signal: AbortSignal,
): Promise<Connection> => {
  const connection = createConnection({
    host,
    port,
    user,
    password,
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    dateStrings: true,
    decimalNumbers: true,
    ...(tls === undefined
      ? {}
      : {
          enableCleartextPlugin: tls.verify && tls.sendsPassword,
          ssl: { rejectUnauthorized: tls.verify, ...(tls.ca === undefined ? {} : { ca: tls.ca }) },
        }),
  });
  // What happens to an idle connection is met by the next statement.
  connection.on('error', () => {});
  const identity = tls?.verify ? checkIdentityBeforeLogin(connection, host) : undefined;
  try {
    await opened(connection, signal);
    if (identity?.wasChecked === false) throw new DatabaseUnavailable('certificate', 'it was not checked');
    return connection;
  } catch (error) {
    connection.destroy();
    throw databaseUnavailable(error);
  }
};

const openProtected = async (
  address: DatabaseAddress,
  { ca, allowPlaintext, sendsPassword = false }: Protection,
  signal: AbortSignal,
): Promise<{ readonly connection: Connection; readonly isEncrypted: boolean }> => {
  const isLocal = isLoopback(address.host);
  if (allowPlaintext && !isLocal && !sendsPassword)
    return { connection: await open(address, undefined, signal), isEncrypted: false };
  try {
    // Nobody sits between two processes of one machine: there an unknown authority is as good as none, but for a password that is sent as it is.
    const verify = !isLocal || ca !== undefined || sendsPassword;
    const tls = { verify, sendsPassword, ...(ca === undefined ? {} : { ca }) };
    return { connection: await open(address, tls, signal), isEncrypted: true };
  } catch (error) {
    const mayGoOn =
      error instanceof DatabaseUnavailable &&
      error.reason === 'no-tls' &&
      isLocal &&
      ca === undefined &&
      !sendsPassword;
    if (!mayGoOn) throw error;
    return { connection: await open(address, undefined, signal), isEncrypted: false };
  }
};

/** A statement of the client's that hangs cannot be taken back: the connection is given up instead. */
const queryOn =
  (connection: Connection, signal: AbortSignal): Query =>
  (sql) =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        connection.destroy();
        reject(new DatabaseUnavailable('timeout', 'the time for the whole audit is over'));
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      connection.query(sql, (error, rows: unknown) => {
        signal.removeEventListener('abort', abort);
        if (error) reject(databaseUnavailable(error));
        else resolve(Array.isArray(rows) ? rows : []);
      });
    });

/**
 * Connects to Postal's MariaDB for reading: transactions of the session are read only, statements end after 5 s, and each stands alone, so that nothing of Postal's
 * ever waits for a lock of ours. Rejects with `DatabaseUnavailable`.
 */
export const connectToDatabase = async (
  address: DatabaseAddress,
  protection: Protection,
  signal: AbortSignal,
): Promise<Database> => {
  const { connection, isEncrypted } = await openProtected(address, protection, signal);
  const query = queryOn(connection, signal);
  try {
    await query('SET SESSION TRANSACTION READ ONLY');
    await query("SET SESSION max_statement_time = 5, autocommit = 1, time_zone = '+00:00'");
    return { query, isEncrypted, close: () => void connection.end(() => {}) };
  } catch (error) {
    connection.destroy();
    throw error;
  }
};
