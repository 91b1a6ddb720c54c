import { readFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fileFailureText } from '../adapters/file-failure.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Ledger } from '../app/ports/ledger.ts';
import type { Hostname } from '../core/endpoint/hostname.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const tableName = /^[\w.-]{3,255}$/;
export const longestSince = '366d';

/** One of the two tables, as given. */
export const readTable = (table: string | undefined, which: 'ledger' | 'state' = 'ledger'): string => {
  const option = `${which}-table`;
  const called = which === 'ledger' ? 'the ledger' : 'the state table';
  if (table === undefined)
    throw new UsageError(`${option}: give --${option} NAME, the table that the deployment calls ${called}.`);
  if (!tableName.test(table))
    throw new UsageError(
      `${option}: "${table}" is not a valid name of a DynamoDB table. Give 3 to 255 letters, digits, dots, hyphens and underscores.`,
    );
  return table;
};

/** From when on, in milliseconds since the epoch. */
export const readSince = async (since: string): Promise<number> => {
  const { parseSince } = await import('../app/commands/history.ts');
  const sinceMs = parseSince(since, systemClock.now());
  if (sinceMs === undefined)
    throw new UsageError(
      `since: "${since}" is not a valid time within a year. Write 12h, 7d, 52w, or a day such as 2026-01-31.`,
    );
  return sinceMs;
};

/** A secret out of a file, since the arguments of a process are for everyone on the machine to read. */
export const readSecretFile = (option: string, file: string | undefined): string => {
  if (file === undefined)
    throw new UsageError(`${option}: give --${option} FILE, a file that contains the bot token and nothing else.`);
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret !== '' && !/\s/.test(secret)) return secret;
  } catch (error) {
    throw new UsageError(`${option}: ${file} cannot be read: ${fileFailureText(error)}.`, { cause: error });
  }
  throw new UsageError(`${option}: ${file} must contain the bot token and nothing else.`);
};

/**
 * Works with DynamoDB, with the credentials, region and endpoint that the AWS SDK finds. The SDK is loaded only here, so that the shell's other commands
 * start without it. What AWS refuses or does not answer ends with exit status 3.
 */
export const withDynamoDb = async (
  tables: string,
  work: (client: DynamoDBClient) => Promise<ShellResult>,
): Promise<ShellResult> => {
  const [{ createDynamoDbClient, inWords, isMalformedRequest }, { LedgerUnavailable }, { StateUnavailable }] =
    await Promise.all([
      import('../adapters/aws/dynamodb-client.ts'),
      import('../app/ports/ledger.ts'),
      import('../app/ports/state-store.ts'),
    ]);
  const client = createDynamoDbClient();
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof LedgerUnavailable || error instanceof StateUnavailable)
      return { text: `postal-endpoint: ${error.message}`, exitCode: 3 };
    if (isMalformedRequest(error)) return { text: `postal-endpoint: ${tables}: ${inWords(error)}`, exitCode: 3 };
    throw error;
  } finally {
    client.destroy();
  }
};

/** Works with a ledger table. */
export const withLedger = async (
  table: string,
  work: (ledger: Ledger) => Promise<ShellResult>,
): Promise<ShellResult> => {
  const { createDynamoDbLedger } = await import('../adapters/aws/dynamodb-ledger.ts');
  return withDynamoDb(`${table} is not a ledger table`, (client) => work(createDynamoDbLedger({ table, client })));
};

/** The hostname that narrows a command to one stream; `undefined`: all of them. */
export const readOneHostname = async (positionals: readonly string[]): Promise<Hostname | undefined> => {
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`"${more[0]}": unexpected argument. Give one hostname, or none for all.`);
  if (name === undefined) return undefined;
  const parsed = (await import('../core/endpoint/hostname.ts')).parseHostname(name);
  if ('findings' in parsed)
    throw new UsageError(
      `hostname: "${name}" is not a valid host name. Write it in full, such as gitlab.mail.corp.internal.`,
    );
  return parsed.hostname;
};
