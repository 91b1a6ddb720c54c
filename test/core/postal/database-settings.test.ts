import { describe, expect, it } from 'vitest';
import { databaseSettings } from '../../../lib/core/postal/database-settings.ts';

const environment = (values: Readonly<Record<string, string>>) => ({ name: 'the environment', values });

const read = (
  file: unknown,
  {
    local,
    env = {},
    dotEnv = {},
    postalMajor = 3,
  }: { local?: unknown; env?: Record<string, string>; dotEnv?: Record<string, string>; postalMajor?: 2 | 3 } = {},
) =>
  databaseSettings({
    file: { name: 'postal.yml', values: file },
    ...(local === undefined ? {} : { localFile: { name: 'postal.local.yml', values: local } }),
    environments: [environment(env), { name: '.env', values: dotEnv }],
    postalMajor,
  });

const settingsOf = (result: ReturnType<typeof read>) => {
  if (!result.ok) throw new Error(result.message);
  return result.settings;
};

describe("Postal's configuration", () => {
  it('has the defaults of Postal where nothing is said', () => {
    expect(settingsOf(read(null))).toEqual({
      host: 'localhost',
      port: 3306,
      database: 'postal',
      username: 'postal',
      password: '',
      messageHost: 'localhost',
      messagePort: 3306,
      messageUsername: 'postal',
      messagePassword: '',
      messagePrefix: 'postal',
    });
  });

  it.each([
    [
      'the environment, then .env, then the file in version 2',
      { version: 2, main_db: { host: 'file', database: 'file', port: '3307' } },
      { env: { MAIN_DB_HOST: 'env' }, dotEnv: { MAIN_DB_HOST: 'dot', MAIN_DB_DATABASE: 'dot' } },
      { host: 'env', database: 'dot', port: 3307 },
    ],
    [
      'the same for an old file read by Postal 3, under its old keys',
      { message_db: { prefix: 'old' } },
      {},
      { messagePrefix: 'old' },
    ],
    [
      'the new variable over the old key',
      { message_db: { prefix: 'old' } },
      { env: { MESSAGE_DB_DATABASE_NAME_PREFIX: 'new', MESSAGE_DB_PREFIX: 'unknown' } },
      { messagePrefix: 'new' },
    ],
    ['no old key in version 2', { version: 2, message_db: { prefix: 'old' } }, {}, { messagePrefix: 'postal' }],
    ['no new key in an old file', { message_db: { database_name_prefix: 'new' } }, {}, { messagePrefix: 'postal' }],
    [
      'the local file, then the file, then the environment for Postal 2, without .env',
      { main_db: { host: 'file', database: 'file' } },
      {
        local: { main_db: { host: 'local' } },
        env: { MAIN_DB_HOST: 'env', MAIN_DB_DATABASE: 'env', MAIN_DB_USERNAME: 'env', MESSAGE_DB_PREFIX: 'env' },
        dotEnv: { MAIN_DB_PORT: '1' },
        postalMajor: 2,
      },
      { host: 'local', database: 'file', username: 'env', messagePrefix: 'env', port: 3306 },
    ],
    [
      'version 2 as Postal 3 does, whatever release was named',
      { version: 2, main_db: { host: 'file' } },
      { env: { MAIN_DB_HOST: 'env' }, local: { main_db: { host: 'local' } }, postalMajor: 2 },
      { host: 'env' },
    ],
    [
      'an empty variable as none',
      { version: 2, main_db: { host: 'file' } },
      { env: { MAIN_DB_HOST: '' } },
      { host: 'file' },
    ],
    [
      'numbers where text belongs',
      { main_db: { password: 1234, database: 5 } },
      {},
      { password: '1234', database: '5' },
    ],
  ] as const)('reads %s', (_name, file, sources, expected) => {
    expect(settingsOf(read(file, sources))).toMatchObject(expected);
  });

  it('names both places where they differ, and no password', () => {
    const result = read(
      { version: 2, main_db: { host: 'same', password: 'of the file', port: 1 } },
      { env: { MAIN_DB_HOST: 'same', MAIN_DB_PASSWORD: 'of env', MAIN_DB_PORT: '2' } },
    );
    expect(result).toMatchObject({
      notes: [
        'MAIN_DB_PORT in the environment ("2") and main_db.port in postal.yml ("1") differ. Postal uses the first.',
        'MAIN_DB_PASSWORD in the environment and main_db.password in postal.yml differ. Postal uses the first.',
      ],
    });
  });

  it.each([
    [{ version: 3 }, 'postal.yml: version: version must be 1 or 2'],
    [['a list'], /^postal\.yml: /],
    [{ main_db: { port: 'abc' } }, 'main_db.port in postal.yml: "abc" is not a port. Give 1 to 65535.'],
    [{ main_db: { port: 70_000 } }, /70000.*not a port/],
  ])('refuses %j', (file, message) => {
    const result = read(file);
    expect(result).toMatchObject({ ok: false });
    if (!result.ok) expect(result.message).toMatch(message);
  });
});
