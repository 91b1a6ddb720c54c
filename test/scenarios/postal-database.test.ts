import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { examplePolicy, exampleProfile } from '../core/validation/example-policy.ts';
import { createLogBook } from '../support/log-book.ts';
import { createMemoryStateStore } from '../support/memory-state-store.ts';
import { type MariaDb, mariaDbMissing, startMariaDb } from '../support/postal-database/mariadb.ts';
import { type Mail, type PostalContent, planted, postalDatabases } from '../support/postal-database/postal.ts';
import {
  type DatabaseFunction,
  makeReadOnlyAccount,
  startDatabaseFunction,
} from '../support/postal-database/read-only-account.ts';

const missing = mariaDbMissing();
const password = 'a password for the account';
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
    let reader: DatabaseFunction['reader'];
    let database: DatabaseFunction['database'];

    const setting = () => {
      const state = createMemoryStateStore(clock);
      const { log, logged } = createLogBook();
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
      await makeReadOnlyAccount(db, password);
      ({ reader, database } = parts.use(await startDatabaseFunction(db, password, (line) => void lines.push(line))));
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
