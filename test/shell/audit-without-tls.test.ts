import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectToDatabase } from '../../lib/adapters/postal-database/connect.ts';
import { readSnapshot } from '../../lib/adapters/postal-database/read-snapshot.ts';
import { auditInShell } from '../../lib/shell/audit/audit.ts';
import { countingRows } from '../../scripts/bench-audit/counted.ts';
import { type MariaDb, mariaDbMissing, startMariaDb } from '../support/postal-database/mariadb.ts';
import { postalDatabases } from '../support/postal-database/postal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const missing = mariaDbMissing();
const environment = { POSTAL_DATABASE_PASSWORD: 'a password for the account' };

describe.skipIf(missing)(
  `audit of a MariaDB without TLS${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let db: MariaDb;
    let folder: AsyncDisposable & { readonly path: string };
    beforeAll(async () => {
      folder = await temporaryFolder();
      db = await startMariaDb('none', ['--skip-ssl']);
      const content = {
        prefix: 'postal',
        database: 'postal',
        nowMs: Date.now(),
        schema: '2.3',
        endpoints: [],
        routes: [],
        mail: [],
      } as const;
      await db.sql(postalDatabases({ ...content, servers: [{ id: 1, permalink: 'production' }] }));
      await db.sql("GRANT ALL ON *.* TO 'root'@'127.0.0.1' IDENTIFIED BY 'postal'");
      await writeFile(
        join(folder.path, 'postal.yml'),
        `main_db:\n  host: 127.0.0.1\n  port: ${db.port}\n  username: root\n  password: postal\nmessage_db:\n  host: 127.0.0.1\n  port: ${db.port}\n  username: root\n  password: postal\n`,
      );
    });
    afterAll(async () => {
      await db[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });

    const config = (): readonly string[] => [
      '--postal-config',
      join(folder.path, 'postal.yml'),
      '--resolver',
      '127.0.0.1',
      '--no-probe',
    ];

    it('says why an account that requires TLS is let in nowhere', async () => {
      await db.sql("CREATE USER postal_endpoint@'127.0.0.1' IDENTIFIED BY 'a password for the account' REQUIRE SSL");
      const { text, exitCode } = await auditInShell(config(), environment);
      expect(exitCode).toBe(3);
      expect(text).toMatch(/requires TLS \(REQUIRE SSL\), and the server offers none/);
      await db.sql("DROP USER postal_endpoint@'127.0.0.1'");
    });

    it('prints statements without REQUIRE SSL there, and works with the account that they make', async () => {
      const { text } = await auditInShell(['--grants', '--use-postal-account', ...config()], environment);
      expect(text).toContain('offers no TLS');
      expect(text).toContain('ON `postal-server-1`.`deliveries`');
      expect(text).not.toContain('REQUIRE SSL');
      await db.sql(text);
      const result = await auditInShell(config(), environment);
      expect({ exitCode: result.exitCode, head: result.text.split('\n')[0] }).toEqual({
        exitCode: 0,
        head: 'Postal has no SMTP endpoint.',
      });
    });

    it("reads with Postal's own account when asked to", async () => {
      const { exitCode } = await auditInShell([...config(), '--use-postal-account', '--json'], {});
      expect(exitCode).toBe(0);
    });

    it('finds what is not queued among thousands of the same moment, with a bound of rows for every statement', async () => {
      const at = Math.floor(Date.now() / 1000) - 7200;
      const key = "CONCAT('incoming-rt:1-ep:', 1, '-SMTPEndpoint')";
      await db.sql(`
      USE postal;
      INSERT INTO \`postal-server-1\`.messages (id, scope, spam, status, timestamp)
        SELECT seq, IF(seq % 7 = 0, 'outgoing', 'incoming'), seq % 2, ELT(1 + seq % 4, 'SoftFail', 'SoftFail', 'Pending', 'Sent'), ${at} FROM seq_1_to_9000;
      INSERT INTO postal.queued_messages (server_id, message_id, created_at, attempts, batch_key)
        SELECT server, id, NOW(), 1, ${key} FROM \`postal-server-1\`.messages m JOIN (SELECT 1 AS server UNION SELECT 2 UNION SELECT 3) s
        WHERE status <> 'Sent' AND (id NOT IN (1, 4001, 8997, 8998) OR server > 1);
      ANALYZE TABLE postal.queued_messages, \`postal-server-1\`.messages;`);
      const address = { host: '127.0.0.1', port: db.port, user: 'root', password: 'postal' };
      const database = await connectToDatabase(address, { allowPlaintext: false }, new AbortController().signal);
      const { query, statements } = await countingRows(database.query);
      const snapshot = await readSnapshot(
        { main: query, messages: query, database: 'postal', messagePrefix: 'postal' },
        Date.now(),
      );
      database.close();
      expect(snapshot.servers[0]?.deliveries).toEqual({ kind: 'read', notQueued: 4 });
      const bounded = statements.filter(({ sql }) => !sql.includes('GROUP BY'));
      expect(Math.max(...bounded.map(({ rows }) => rows))).toBeLessThanOrEqual(2500);
      await db.sql('DELETE FROM postal.queued_messages; DELETE FROM `postal-server-1`.messages;');
    });

    it('does not go on without TLS where a certificate is to be checked', async () => {
      const address = { host: '127.0.0.1', port: db.port, user: 'root', password: 'postal' };
      const failure = connectToDatabase(address, { ca: 'PEM', allowPlaintext: false }, new AbortController().signal);
      await expect(failure).rejects.toMatchObject({ reason: 'no-tls' });
    });
  },
);
