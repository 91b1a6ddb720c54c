import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaPostalDatabase } from '../../../lib/adapters/aws/lambda-postal-database.ts';
import type { PostalDatabase } from '../../../lib/app/ports/postal-database.ts';
import { createLambdaFunction, type LambdaFunction } from '../../../lib/local/lambda/lambda-function.ts';
import { startLambdaService } from '../../../lib/local/lambda/lambda-service.ts';
import { localAws } from '../../../lib/local/local-aws.ts';
import { startSecretsExtension } from '../../../lib/local/secrets/secrets-extension.ts';
import { auditInShell } from '../../../lib/shell/audit/audit.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { MariaDb } from './mariadb.ts';

const secretId = 'postal-endpoint/postal-database';

/** Makes the account that reads, with the statements that `audit --grants` prints for it. */
export const makeReadOnlyAccount = async (db: MariaDb, password: string): Promise<void> => {
  await db.sql("GRANT ALL ON *.* TO 'postal'@'127.0.0.1' IDENTIFIED BY 'Postals-Own'");
  await using folder = await temporaryFolder();
  const own = `host: 127.0.0.1\n  port: ${db.port}\n  username: postal\n  password: Postals-Own\n`;
  const file = join(folder.path, 'postal.yml');
  await writeFile(file, `version: 2\nmain_db:\n  ${own}message_db:\n  ${own}`);
  const grants = ['--grants', '--use-postal-account', '--postal-config', file, '--ca-file', db.caFile];
  await db.sql((await auditInShell(grants, { POSTAL_DATABASE_PASSWORD: password })).text);
};

/** The function that reads the database with that account, and how watch calls it. */
export type DatabaseFunction = AsyncDisposable & { readonly reader: LambdaFunction; readonly database: PostalDatabase };

/** Starts the function in a Lambda of its own; `log` gets each line that it writes. */
export const startDatabaseFunction = async (
  db: MariaDb,
  password: string,
  log: (line: string) => void,
): Promise<DatabaseFunction> => {
  await using parts = new AsyncDisposableStack();
  const secrets = await startSecretsExtension({
    port: 0,
    sessionToken: localAws.credentials.sessionToken,
    secrets: { [secretId]: JSON.stringify({ username: 'postal_endpoint', password }) },
  });
  parts.defer(() => secrets.close());
  const reader = parts.adopt(
    createLambdaFunction({
      name: 'postal-database',
      module: new URL('../../../functions/postal-database.ts', import.meta.url),
      env: {
        POSTAL_DATABASE_HOST: '127.0.0.1',
        POSTAL_DATABASE_PORT: String(db.port),
        POSTAL_DATABASE_CA_FILE: db.caFile,
        POSTAL_DATABASE_SECRET_ID: secretId,
        PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(secrets.port),
      },
      timeoutSeconds: 20,
      maximumConcurrency: 1,
      log: (_, line) => log(line),
    }),
    (it) => it.close(),
  );
  const lambda = await startLambdaService({ functions: [reader], port: 0, onLost: () => {} });
  parts.defer(() => lambda.close());
  const client = new LambdaClient({
    region: localAws.region,
    endpoint: lambda.endpoint,
    credentials: localAws.credentials,
    maxAttempts: 1,
  });
  parts.defer(() => client.destroy());
  const running = parts.move();
  return {
    reader,
    database: createLambdaPostalDatabase(reader.name, client),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
