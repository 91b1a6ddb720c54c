import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, YAMLParseError } from 'yaml';
import { type ConfigFile, databaseSettings, type ReadDatabaseSettings } from '../../core/postal/database-settings.ts';

/** What the parser says of a mistake quotes the file, which has passwords in it: only the place is reported. */
const fileOf = (name: string): ConfigFile => {
  const text = readFileSync(name, 'utf8');
  try {
    return { name, values: parse(text, { logLevel: 'error' }) };
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw new SyntaxError(`${name} is not valid YAML${line === undefined ? '' : `: look at line ${line}`}`);
  }
};

/**
 * Reads Postal's configuration file as Postal does, with the environment of this process, `.env` in the working directory and beside the file, and
 * `postal.local.yml` beside it. Throws what reading or parsing a file throws.
 */
export const readPostalConfig = (
  file: string,
  postalMajor: 2 | 3,
  environment: Readonly<Record<string, string | undefined>>,
): ReadDatabaseSettings => {
  const folder = dirname(resolve(file));
  const localFile = join(folder, 'postal.local.yml');
  const dotEnvFiles = [...new Set([resolve('.env'), join(folder, '.env')])].filter((name) => existsSync(name));
  return databaseSettings({
    file: fileOf(file),
    ...(existsSync(localFile) ? { localFile: fileOf(localFile) } : {}),
    environments: [
      { name: 'the environment', values: environment },
      ...dotEnvFiles.map((name) => ({ name, values: parseEnv(readFileSync(name, 'utf8')) })),
    ],
    postalMajor,
  });
};
