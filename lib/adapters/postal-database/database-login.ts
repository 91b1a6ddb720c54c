import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { createSecretsOf } from '../aws/secrets.ts';
import { rdsToken } from '../aws/sign-request.ts';
import type { PostalDatabaseConfig } from '../config.ts';
import { jsonLogger } from '../log.ts';
import type { DatabaseAddress, Protection } from './connect.ts';
import { DatabaseUnavailable } from './database-failure.ts';

const secretSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** Where and as whom to log in, and how the connection is protected: always by TLS with a verified certificate. */
export type DatabaseLogin = { readonly address: DatabaseAddress; readonly protection: Protection };

const readCa = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Makes what reads user and password afresh for each connection: a token of RDS from the function's own role, or what a secret holds. */
export const createDatabaseLogin = (
  config: PostalDatabaseConfig,
  now: () => number,
): ((signal: AbortSignal) => Promise<DatabaseLogin>) => {
  const { host, port, user, secretId, region, caFile } = config;
  const secrets =
    secretId === undefined
      ? undefined
      : createSecretsOf(secretSchema, {
          port: config.secretsPort,
          secretId,
          sessionToken: config.secretsSessionToken,
          now,
          log: jsonLogger({ function: 'postal-database' }),
        });
  return async (signal) => {
    const ca = await readCa(caFile);
    const protection = { allowPlaintext: false, ...(ca === undefined ? {} : { ca }) };
    if (secrets !== undefined) {
      const { username, password } = await secrets.read(signal);
      return { address: { host, port, user: username, password }, protection };
    }
    if (user === undefined)
      throw new DatabaseUnavailable(
        'other',
        'neither POSTAL_DATABASE_USER nor POSTAL_DATABASE_SECRET_ID says as whom to log in',
      );
    const password = await rdsToken({ host, port, user }, { region, credentials: config.credentials, nowMs: now() });
    return { address: { host, port, user, password }, protection: { ...protection, sendsPassword: true } };
  };
};
