import { fileFailureText } from '../../adapters/file-failure.ts';
import { readPostalConfig } from '../../adapters/postal-database/config-files.ts';
import type { DatabaseAddress, Protection } from '../../adapters/postal-database/connect.ts';
import type { Destination } from '../../adapters/postal-reports/send-snapshot.ts';
import { readCertificates } from '../../adapters/smtp/tls-context.ts';
import type { Registry } from '../../core/postal/audit/registry.ts';
import { readRegistry } from '../../core/postal/audit/registry-file.ts';
import type { DatabaseSettings } from '../../core/postal/database-settings.ts';
import { type Output, outputOptions, readOutput } from '../output.ts';
import { profileOptions, readProfile, textOf } from '../profile-arguments.ts';
import { readArguments } from '../read-arguments.ts';
import { UsageError } from '../shell-result.ts';
import { readDestination } from './read-destination.ts';

const passwordVariable = 'POSTAL_DATABASE_PASSWORD';
const defaultUser = 'postal_endpoint';
const defaultPrefix = 'postal';

const options = {
  ...profileOptions,
  ...outputOptions,
  'postal-config': { type: 'string' },
  database: { type: 'string' },
  'ca-file': { type: 'string' },
  'message-prefix': { type: 'string' },
  registry: { type: 'string' },
  user: { type: 'string' },
  'postal-version': { type: 'string' },
  server: { type: 'string' },
  'no-probe': { type: 'boolean', default: false },
  'use-postal-account': { type: 'boolean', default: false },
  'insecure-plaintext': { type: 'boolean', default: false },
  grants: { type: 'boolean', default: false },
  send: { type: 'string' },
  sender: { type: 'string' },
} as const;

/** Where Postal's databases are, and how to log in. */
export type Source = {
  readonly main: DatabaseAddress;
  /** Absent where the message databases are on the same server. */
  readonly messages?: DatabaseAddress;
  readonly database: string;
  readonly messagePrefix: string;
  readonly isPostalsAccount: boolean;
};

export type AuditArguments = {
  readonly source: Source;
  readonly protection: Protection;
  readonly profile: ReturnType<typeof readProfile>;
  readonly registry: Registry | undefined;
  readonly server: string | undefined;
  readonly isProbed: boolean;
  readonly isGrants: boolean;
  /** The account that `--grants` makes, and its password where it is set already; else empty. */
  readonly user: string;
  readonly ownPassword: string;
  /** Where the snapshot is sent in place of being judged here. */
  readonly destination: Destination | undefined;
  readonly output: Output;
  /** What is worth knowing about the configuration. */
  readonly notes: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;
type Values = ReturnType<typeof readArguments<typeof options>>['values'];

const portOf = (text: string): number => {
  const port = text === '' ? 3306 : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError(`database: "${text}" is not a port. Give 1 to 65535.`);
  return port;
};

const urlForm = 'mysql://postal_endpoint@127.0.0.1:3306/postal';

/** Takes the URL apart. It is never repeated in a message, since it may hold a password. */
const readUrl = (
  text: string,
): { readonly host: string; readonly port: number; readonly user: string; readonly database: string } => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') || url.hostname === '')
    throw new UsageError(`database: not a database URL. Write it as ${urlForm}.`);
  if (url.password !== '')
    throw new UsageError(
      `database: the URL contains a password, which everyone on this machine can read in the process list. Leave it out, and set ${passwordVariable}.`,
    );
  if (url.search !== '' || url.hash !== '')
    throw new UsageError(`database: the URL has more than user, host, port and database. Write it as ${urlForm}.`);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database.includes('/')) throw new UsageError(`database: the URL has more than one path. Write it as ${urlForm}.`);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: portOf(url.port),
    user: decodeURIComponent(url.username),
    database: database === '' ? 'postal' : database,
  };
};

const passwordOf = (environment: Environment, isGrants: boolean): string => {
  const password = environment[passwordVariable];
  if (password !== undefined && password !== '') return password;
  if (isGrants) return '';
  throw new UsageError(
    `${passwordVariable}: set it to the password of the database account. postal-endpoint audit --grants prints the statements that make the account.`,
  );
};

const majorOf = (text: string | undefined): 2 | 3 => {
  if (text === undefined || text === '3') return 3;
  if (text === '2') return 2;
  throw new UsageError(`postal-version: unknown version "${text}". Write 2 or 3.`);
};

const configOf = (file: string, values: Values, environment: Environment) => {
  const major = majorOf(values['postal-version']);
  try {
    const read = readPostalConfig(file, major, environment);
    if (read.ok) return read;
    throw new UsageError(`postal-config: ${read.message}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const name = error instanceof Error && 'path' in error ? `${error.path}: ` : '';
    throw new UsageError(`postal-config: ${name}${fileFailureText(error)}.`, { cause: error });
  }
};

/** Message databases on another server are reached by an address of their own. */
const addressesOf = (
  settings: DatabaseSettings,
  values: Values,
  environment: Environment,
): Pick<Source, 'main' | 'messages'> => {
  const { host, port, messageHost, messagePort } = settings;
  const own = (): { readonly user: string; readonly password: string } => ({
    user: values.user ?? defaultUser,
    password: passwordOf(environment, values.grants),
  });
  const isPostals = values['use-postal-account'];
  const main = isPostals ? { user: settings.username, password: settings.password } : own();
  const messages = isPostals ? { user: settings.messageUsername, password: settings.messagePassword } : main;
  const isElsewhere = host !== messageHost || port !== messagePort;
  return {
    main: { host, port, ...main },
    ...(isElsewhere ? { messages: { host: messageHost, port: messagePort, ...messages } } : {}),
  };
};

const sourceOf = (
  values: Values,
  environment: Environment,
): { readonly source: Source; readonly notes: readonly string[] } => {
  const { 'postal-config': file, database: url, 'use-postal-account': isPostalsAccount } = values;
  if (file !== undefined && url !== undefined) throw new UsageError('postal-config, database: give one of them.');
  if (file !== undefined) {
    const { settings, notes } = configOf(file, values, environment);
    const messagePrefix = values['message-prefix'] ?? settings.messagePrefix;
    const source = {
      ...addressesOf(settings, values, environment),
      database: settings.database,
      messagePrefix,
      isPostalsAccount,
    };
    return { source, notes };
  }
  if (url === undefined)
    throw new UsageError(
      `postal-config: give --postal-config FILE, such as /opt/postal/config/postal.yml, or --database ${urlForm}.`,
    );
  if (isPostalsAccount)
    throw new UsageError('use-postal-account: it needs --postal-config FILE, which contains that account.');
  const { host, port, user, database } = readUrl(url);
  const main = {
    host,
    port,
    user: values.user ?? (user === '' ? defaultUser : user),
    password: passwordOf(environment, values.grants),
  };
  return {
    source: { main, database, messagePrefix: values['message-prefix'] ?? defaultPrefix, isPostalsAccount },
    notes: [],
  };
};

const registryOf = (file: string | undefined): Registry | undefined => {
  if (file === undefined) return undefined;
  const registry = readRegistry(textOf('registry', file));
  if (typeof registry !== 'string') return registry;
  throw new UsageError(`registry: ${file}: ${registry}. postal-endpoint export --registry writes such a file.`);
};

const caOf = (file: string | undefined): string | undefined => {
  if (file === undefined) return undefined;
  const ca = textOf('ca-file', file);
  try {
    readCertificates(ca);
    return ca;
  } catch (error) {
    throw new UsageError(`ca-file: ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};

/** Options that would have no effect beside others are refused, so that nobody relies on them. */
const refuseMeaningless = (values: Values): void => {
  if (values['use-postal-account'] && values.user !== undefined && !values.grants)
    throw new UsageError('user, use-postal-account: give one of them.');
  if (values['postal-version'] !== undefined && values['postal-config'] === undefined)
    throw new UsageError('postal-version: it says how --postal-config FILE is read. Give that file, or leave it out.');
  if (values.sender !== undefined && values.send === undefined)
    throw new UsageError('sender: it says who sends a report. Give --send URL, or leave it out.');
  if (values['insecure-plaintext'] && values['ca-file'] !== undefined)
    throw new UsageError('insecure-plaintext, ca-file: give one of them. A plaintext connection has no certificate.');
};

/** Reads the arguments of `audit`. Throws `UsageError`. */
export const readAudit = (args: readonly string[], environment: Environment): AuditArguments => {
  const { values, positionals } = readArguments(args, options);
  if (positionals.length > 0)
    throw new UsageError(`unexpected "${positionals[0]}". Name one mail server with --server organization/server.`);
  refuseMeaningless(values);
  const { source, notes } = sourceOf(values, environment);
  const ca = caOf(values['ca-file']);
  return {
    source,
    protection: { allowPlaintext: values['insecure-plaintext'], ...(ca === undefined ? {} : { ca }) },
    profile: readProfile(values),
    registry: registryOf(values.registry),
    server: values.server,
    isProbed: !values['no-probe'],
    isGrants: values.grants,
    user: values['use-postal-account'] ? (values.user ?? defaultUser) : source.main.user,
    ownPassword: environment[passwordVariable] ?? '',
    destination: readDestination(values, environment),
    output: readOutput(values),
    notes,
  };
};
