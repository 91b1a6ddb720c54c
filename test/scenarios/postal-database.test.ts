import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLambdaPostalDatabase } from '../../lib/adapters/aws/lambda-postal-database.ts';
import { connectToDatabase } from '../../lib/adapters/postal-database/connect.ts';
import { readSnapshot } from '../../lib/adapters/postal-database/read-snapshot.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { readReporting } from '../../lib/app/postal/read-reporting.ts';
import { listCursors, readDeliveryFacts } from '../../lib/app/state/postal/delivery-block-store.ts';
import { newestSnapshot } from '../../lib/app/state/postal/postal-report-store.ts';
import { readPostalDatabase } from '../../lib/app/watch/read-postal-database.ts';
import { audit } from '../../lib/core/postal/audit/audit.ts';
import { auditJson } from '../../lib/core/postal/audit/audit-json.ts';
import type { Snapshot } from '../../lib/core/postal/audit/snapshot.ts';
import { examineReporting } from '../../lib/core/postal/reports/reporting.ts';
import { createLambdaFunction, type LambdaFunction } from '../../lib/local/lambda/lambda-function.ts';
import { type LambdaService, startLambdaService } from '../../lib/local/lambda/lambda-service.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { startSecretsExtension } from '../../lib/local/secrets/secrets-extension.ts';
import { auditInShell } from '../../lib/shell/audit/audit.ts';
import { examplePolicy, exampleProfile } from '../core/validation/example-policy.ts';
import { createLogBook } from '../support/log-book.ts';
import { createMemoryStateStore } from '../support/memory-state-store.ts';
import { type MariaDb, mariaDbMissing, startMariaDb } from '../support/postal-database/mariadb.ts';
import { type Mail, type PostalContent, planted, postalDatabases } from '../support/postal-database/postal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const missing = mariaDbMissing();
const password = 'a password for the account';
const secretId = 'postal-endpoint/postal-database';
const signal = (): AbortSignal => AbortSignal.timeout(60_000);
const clock = systemClock;

const mail = (endpoint: number | null, route: number, ageSeconds: number, status: string, server = 7): Mail => ({
  server,
  endpoint,
  route,
  attempts: [
    {
      ageSeconds,
      status,
      ...(status === 'Sent'
        ? {}
        : {
            details: `Permanent SMTP delivery error to <${planted}@acme.example>`,
            output: `550 <${planted}@a.example>`,
          }),
    },
  ],
});

const contentAt = (nowMs: number, sent: number): PostalContent => ({
  prefix: 'postal',
  database: 'postal',
  nowMs,
  schema: '3.3',
  servers: [
    { id: 7, permalink: 'production' },
    { id: 8, permalink: 'staging', mode: 'Development' },
    { id: 10, permalink: 'closed', deleted: true },
  ],
  endpoints: [
    { id: 1, server: 7, hostname: 'good.example.test' },
    { id: 2, server: 7, hostname: '10.1.2.3' },
    { id: 3, server: 7, hostname: 'gone.example.test' },
    { id: 7, server: 8, hostname: 'swapped.example.test', port: 465 },
  ],
  routes: [
    { id: 1, server: 7, name: 'good', endpoint: 1 },
    { id: 2, server: 7, name: 'literal', endpoint: 2 },
    { id: 3, server: 7, name: 'gone', endpoint: 3 },
    { id: 8, server: 8, name: 'staging', endpoint: 7 },
  ],
  mail: [
    ...Array.from({ length: sent }, (_, index) => mail(1, 1, 100 + index, 'Sent')),
    mail(2, 2, 400, 'HardFail'),
    mail(2, 2, 300, 'HardFail'),
    mail(null, 3, 200, 'SoftFail'),
    mail(7, 8, 5000, 'Sent', 8),
    { ...mail(1, 1, 50, 'SoftFail'), waits: true },
  ],
});

const auditOf = (snapshot: Snapshot) => {
  const registry = { registrations: new Map(), isComplete: true, unknown: new Set<string>() };
  const { at: _, ...rest } = auditJson(audit({ ...snapshot, atMs: 0 }, registry, { names: new Map() }));
  return rest;
};

describe.skipIf(missing)(
  `Postal's database read by the function${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const parts = new AsyncDisposableStack();
    const lines: string[] = [];
    let db: MariaDb;
    let lambda: LambdaService;
    let reader: LambdaFunction;

    const setting = () => {
      const state = createMemoryStateStore(clock);
      const { log, logged } = createLogBook();
      const client = new LambdaClient({
        region: localAws.region,
        endpoint: lambda.endpoint,
        credentials: localAws.credentials,
        maxAttempts: 1,
      });
      const database = createLambdaPostalDatabase(reader.name, client);
      const ports = { database, state, log, clock, policy: examplePolicy(), profile: exampleProfile() };
      return {
        state,
        logged,
        round: () => readPostalDatabase(ports, signal()),
        snapshot: async () => {
          const newest = await newestSnapshot(state, signal());
          if (newest === undefined) throw new Error(`nothing is kept: ${logged.join('\n')}`);
          return newest.snapshot;
        },
      };
    };

    beforeAll(async () => {
      db = parts.use(await startMariaDb());
      await db.sql(postalDatabases(contentAt(Date.now(), 2400)));
      await db.sql("GRANT ALL ON *.* TO 'postal'@'127.0.0.1' IDENTIFIED BY 'Postals-Own'");
      const folder = parts.use(await temporaryFolder());
      const own = `host: 127.0.0.1\n  port: ${db.port}\n  username: postal\n  password: Postals-Own\n`;
      const file = join(folder.path, 'postal.yml');
      await writeFile(file, `version: 2\nmain_db:\n  ${own}message_db:\n  ${own}`);
      const grants = ['--grants', '--use-postal-account', '--postal-config', file, '--ca-file', db.caFile];
      await db.sql((await auditInShell(grants, { POSTAL_DATABASE_PASSWORD: password })).text);
      const secrets = await startSecretsExtension({
        port: 0,
        sessionToken: localAws.credentials.sessionToken,
        secrets: { [secretId]: JSON.stringify({ username: 'postal_endpoint', password }) },
      });
      parts.defer(() => secrets.close());
      reader = parts.adopt(
        createLambdaFunction({
          name: 'postal-database',
          module: new URL('../../functions/postal-database.ts', import.meta.url),
          env: {
            POSTAL_DATABASE_HOST: '127.0.0.1',
            POSTAL_DATABASE_PORT: String(db.port),
            POSTAL_DATABASE_CA_FILE: db.caFile,
            POSTAL_DATABASE_SECRET_ID: secretId,
            PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(secrets.port),
          },
          timeoutSeconds: 20,
          maximumConcurrency: 1,
          log: (_, line) => void lines.push(line),
        }),
        (it) => it.close(),
      );
      lambda = await startLambdaService({ functions: [reader], port: 0, onLost: () => {} });
      parts.defer(() => lambda.close());
    });
    afterAll(() => parts.disposeAsync());

    it('gives the audit that the shell gives, of 2,404 deliveries in three calls, none lost and none counted twice', async () => {
      const one = setting();
      await one.round();
      expect(one.logged).toContainEqual(expect.stringContaining('{"calls":3,"deliveries":2405}'));
      const ca = await readFile(db.caFile, 'utf8');
      const address = { host: '127.0.0.1', port: db.port, user: 'postal_endpoint', password };
      const database = await connectToDatabase(address, { ca, allowPlaintext: false }, signal());
      const { query } = database;
      const snapshot = await one.snapshot();
      const databases = { main: query, messages: query, database: 'postal', messagePrefix: 'postal' };
      const shells = await readSnapshot(databases, snapshot.atMs);
      database.close();
      expect(auditOf(snapshot)).toEqual(auditOf(shells));
      expect(snapshot.deliveries.get(1)?.counts['72h']).toEqual({ Sent: 2400, SoftFail: 1 });
      expect(snapshot.deliveries.get(2)?.failingNow).toBe(true);
      expect(snapshot.deliveries.get(3)?.counts['1h']).toEqual({ SoftFail: 1 });
    });

    it('reads only what is new the next time, and leaves what is younger than 5 s for later', async () => {
      const one = setting();
      await one.round();
      const before = (await listCursors(one.state, signal())).get(7);
      const add = (ageSeconds: number): Promise<string> =>
        db.sql(
          `INSERT INTO \`postal-server-7\`.deliveries (message_id, status, details, sent_with_ssl, log_id, timestamp) VALUES (1000, 'Sent', 'x', 1, 'x', ${Date.now() / 1000 - ageSeconds})`,
        );
      await add(20);
      await add(-30);
      await add(20);
      await one.round();
      const after = (await listCursors(one.state, signal())).get(7);
      expect(after?.upTo).toBe((before?.upTo ?? 0) + 1);
      expect(one.logged).toContainEqual(expect.stringContaining('{"calls":1,"deliveries":1}'));
      if (after === undefined) throw new Error('no cursor');
      expect((await readDeliveryFacts(one.state, 7, after, signal())).at(-1)?.id).toBe(after.upTo);
      await db.sql('DELETE FROM `postal-server-7`.deliveries ORDER BY id DESC LIMIT 3');
    });

    it('holds nothing of a recipient, sender or subject, in its answer, its log or the state', async () => {
      const one = setting();
      await one.round();
      const invoked = await reader.invoke({ cursors: [] });
      expect(JSON.stringify(invoked)).toContain('(address)');
      const kept = await one.snapshot();
      const everything = [
        JSON.stringify(invoked),
        ...lines,
        ...one.logged,
        JSON.stringify(kept),
        JSON.stringify([...kept.deliveries]),
      ].join('\n');
      expect(everything).not.toContain(planted);
      expect(everything).not.toContain(password);
    });

    it('names why nothing could be read, and leaves the round alone', async () => {
      const one = setting();
      await db.sql('ALTER USER postal_endpoint@`127.0.0.1` ACCOUNT LOCK');
      await one.round();
      await db.sql('ALTER USER postal_endpoint@`127.0.0.1` ACCOUNT UNLOCK');
      expect(examineReporting(await readReporting(one, signal()), Date.now())).toMatchObject([
        { health: 'unsure', detail: expect.stringMatching(/^it was never read; Postal's database could not be read/) },
      ]);
      await one.round();
      expect(examineReporting(await readReporting(one, signal()), Date.now())).toMatchObject([
        { health: 'good', what: "Postal's database, read from the VPC", detail: 'last read less than 1 min ago' },
      ]);
    });

    it('refuses a request that is none, and says so', async () => {
      expect(await reader.invoke({ cursors: [['1; DROP TABLE x', 1]] })).toMatchObject({
        payload: expect.stringContaining('Nothing was read'),
      });
    });
  },
);
