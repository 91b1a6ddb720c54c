import * as z from 'zod';

/** Where Postal's databases are, by its own configuration. */
export type DatabaseSettings = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly messageHost: string;
  readonly messagePort: number;
  readonly messageUsername: string;
  readonly messagePassword: string;
  readonly messagePrefix: string;
};

/** One place in which Postal looks for its settings. `values`: a parsed YAML file. */
export type ConfigFile = { readonly name: string; readonly values: unknown };

/** Variables, by name, and where they are. */
export type Variables = { readonly name: string; readonly values: Readonly<Record<string, string | undefined>> };

export type ConfigSources = {
  readonly file: ConfigFile;
  /** `postal.local.yml`, which 2.x reads. */
  readonly localFile?: ConfigFile;
  /** First the process's own, then those of `.env` files. */
  readonly environments: readonly Variables[];
  /** As which release a file without `version` is read. */
  readonly postalMajor: 2 | 3;
};

export type ReadDatabaseSettings =
  | { readonly ok: true; readonly settings: DatabaseSettings; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

type Key = { readonly group: 'main_db' | 'message_db'; readonly name: string };

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullish();
const fileSchema = z.looseObject({
  version: z.union([z.literal(1), z.literal(2)], 'version must be 1 or 2').nullish(),
  main_db: z.record(z.string(), scalar.or(z.unknown())).nullish(),
  message_db: z.record(z.string(), scalar.or(z.unknown())).nullish(),
});
type FileValues = z.output<typeof fileSchema>;

/** The keys of Postal's settings: in version 2 and in the environment of 3.x, `<GROUP>_<NAME>`. */
const keys = {
  host: { group: 'main_db', name: 'host' },
  port: { group: 'main_db', name: 'port' },
  database: { group: 'main_db', name: 'database' },
  username: { group: 'main_db', name: 'username' },
  password: { group: 'main_db', name: 'password' },
  messageHost: { group: 'message_db', name: 'host' },
  messagePort: { group: 'message_db', name: 'port' },
  messageUsername: { group: 'message_db', name: 'username' },
  messagePassword: { group: 'message_db', name: 'password' },
  messagePrefix: { group: 'message_db', name: 'database_name_prefix' },
} as const satisfies Record<keyof DatabaseSettings, Key>;

const defaults: Readonly<Record<keyof DatabaseSettings, string>> = {
  host: 'localhost',
  port: '3306',
  database: 'postal',
  username: 'postal',
  password: '',
  messageHost: 'localhost',
  messagePort: '3306',
  messageUsername: 'postal',
  messagePassword: '',
  messagePrefix: 'postal',
};

/** A value that was found, and where. */
type Found = { readonly where: string; readonly value: string };

const inFile = ({ name }: ConfigFile, values: FileValues, { group, name: key }: Key): readonly Found[] => {
  const value = scalar.safeParse(values[group]?.[key]).data;
  return value === undefined || value === null ? [] : [{ where: `${group}.${key} in ${name}`, value: String(value) }];
};

const inEnvironment = (environments: readonly Variables[], { group, name }: Key): readonly Found[] => {
  const variable = `${group}_${name}`.toUpperCase();
  return environments.flatMap((environment) => {
    const value = environment.values[variable];
    return value === undefined || value === '' ? [] : [{ where: `${variable} in ${environment.name}`, value }];
  });
};

/** What a file without `version` calls the prefix, and 2.x also in the environment. */
const legacyKey = (key: Key): Key => (key.name === 'database_name_prefix' ? { group: key.group, name: 'prefix' } : key);

type Reader = (key: Key) => readonly Found[];

/**
 * In which order Postal looks, the first that has a value wins.
 *
 * | file | read as | order |
 * | --- | --- | --- |
 * | `version: 2` | 3.x | environment, `.env`, file |
 * | without `version` | 3.x | environment, `.env`, file by its old keys |
 * | without `version` | 2.x | `postal.local.yml`, file, environment |
 */
const readerOf = (
  { file, localFile, environments, postalMajor }: ConfigSources,
  values: FileValues,
  local: FileValues,
): Reader => {
  if (values.version === 2) return (key) => [...inEnvironment(environments, key), ...inFile(file, values, key)];
  if (postalMajor === 3) return (key) => [...inEnvironment(environments, key), ...inFile(file, values, legacyKey(key))];
  const process = environments.slice(0, 1);
  return (key) => {
    const old = legacyKey(key);
    const ofLocal = localFile === undefined ? [] : inFile(localFile, local, old);
    return [...ofLocal, ...inFile(file, values, old), ...inEnvironment(process, old)];
  };
};

/** Where two places differ both are named; passwords are not shown. */
const differenceNote = (setting: keyof DatabaseSettings, [used, ...others]: readonly Found[]): readonly string[] => {
  const isSecret = keys[setting].name === 'password';
  const text = ({ where, value }: Found): string => (isSecret ? where : `${where} ("${value}")`);
  return used === undefined
    ? []
    : others
        .filter(({ value }) => value !== used.value)
        .map((other) => `${text(used)} and ${text(other)} differ. Postal uses the first.`);
};

const prefixNote = (file: ConfigFile, values: FileValues): readonly string[] => {
  const ignored = values.version === 2 ? inFile(file, values, { group: 'message_db', name: 'prefix' }) : [];
  return ignored.map(
    ({ where, value }) =>
      `${where} ("${value}") is ignored, as Postal 3 ignores it in a file with version: 2. The key is message_db.database_name_prefix.`,
  );
};

const portOf = (text: string): number | undefined =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : undefined;

/** Reads Postal's configuration as the release that it belongs to does. */
export const databaseSettings = (sources: ConfigSources): ReadDatabaseSettings => {
  const { file, localFile } = sources;
  const values = fileSchema.safeParse(file.values ?? {});
  const local = fileSchema.safeParse(localFile?.values ?? {});
  const broken = values.success ? (local.success ? undefined : local.error) : values.error;
  if (!values.success || !local.success) {
    const { path = [], message = 'cannot be read' } = broken?.issues[0] ?? {};
    const name = values.success ? (localFile?.name ?? file.name) : file.name;
    return { ok: false, message: `${name}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}` };
  }
  const read = readerOf(sources, values.data, local.data);
  const found = (setting: keyof DatabaseSettings): readonly Found[] => read(keys[setting]);
  const text = (setting: keyof DatabaseSettings): string => found(setting)[0]?.value ?? defaults[setting];
  const port = portOf(text('port'));
  const messagePort = portOf(text('messagePort'));
  if (port === undefined || messagePort === undefined) {
    const setting = port === undefined ? 'port' : 'messagePort';
    return { ok: false, message: `${found(setting)[0]?.where}: "${text(setting)}" is not a port. Give 1 to 65535.` };
  }
  const settings: DatabaseSettings = {
    host: text('host'),
    port,
    database: text('database'),
    username: text('username'),
    password: text('password'),
    messageHost: text('messageHost'),
    messagePort,
    messageUsername: text('messageUsername'),
    messagePassword: text('messagePassword'),
    messagePrefix: text('messagePrefix'),
  };
  const notes = (Object.keys(keys) as (keyof DatabaseSettings)[]).flatMap((setting) =>
    differenceNote(setting, found(setting)),
  );
  return { ok: true, settings, notes: [...prefixNote(file, values.data), ...notes] };
};
