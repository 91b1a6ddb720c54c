import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectToDatabase } from '../../../lib/adapters/postal-database/connect.ts';
import { type MariaDb, mariaDbMissing, startMariaDb } from '../../support/postal-database/mariadb.ts';
import { startScript } from '../../support/smtp-script.ts';

const missing = mariaDbMissing();
const never = new AbortController().signal;

describe.skipIf(missing)(`connecting to MariaDB${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let db: MariaDb;
  let ca: string;
  beforeAll(async () => {
    db = await startMariaDb({ subjectAltNames: ['DNS:localhost'] });
    ca = await readFile(db.caFile, 'utf8');
    await db.sql(
      "CREATE USER reader@'%' IDENTIFIED BY 'secret' REQUIRE SSL; CREATE DATABASE d; CREATE TABLE d.t (a int); GRANT ALL ON d.* TO reader@'%'",
    );
  });
  afterAll(() => db?.[Symbol.asyncDispose]());

  const address = (host: string) => ({ host, port: db.port, user: 'reader', password: 'secret' });

  it('takes a certificate that names the host', async () => {
    const database = await connectToDatabase(address('localhost'), { ca, allowPlaintext: false }, never);
    expect(database.isEncrypted).toBe(true);
    expect(await database.query("SHOW STATUS LIKE 'Ssl_version'")).toEqual([
      { Variable_name: 'Ssl_version', Value: 'TLSv1.3' },
    ]);
    database.close();
  });

  it('refuses one that names another host than the address given, before it logs in', async () => {
    const before = await db.sql("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'");
    const connections = await db.sql('SELECT COUNT(*) FROM information_schema.processlist');
    const failure = connectToDatabase(address('127.0.0.1'), { ca, allowPlaintext: false }, never);
    await expect(failure).rejects.toMatchObject({
      reason: 'certificate',
      detail: expect.stringContaining("IP: 127.0.0.1 is not in the cert's list"),
    });
    expect(await db.sql("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")).toBe(before);
    expect(await db.sql('SELECT COUNT(*) FROM information_schema.processlist')).toBe(connections);
  });

  it('encrypts on loopback also where it knows no authority', async () => {
    const database = await connectToDatabase(address('127.0.0.1'), { allowPlaintext: false }, never);
    expect(database.isEncrypted).toBe(true);
    database.close();
  });

  it('makes a session that cannot write or lock, whatever its rights', async () => {
    const database = await connectToDatabase(address('127.0.0.1'), { allowPlaintext: false }, never);
    for (const sql of ['INSERT INTO d.t VALUES (1)', 'SELECT * FROM d.t FOR UPDATE', 'DROP TABLE d.t'])
      await expect(database.query(sql)).rejects.toThrow(/READ ONLY/);
    database.close();
  });

  it('ends a statement that takes too long, and the connection lives on', async () => {
    const database = await connectToDatabase(address('127.0.0.1'), { allowPlaintext: false }, never);
    await database.query('SET SESSION max_statement_time = 0.05');
    await expect(database.query('SELECT SLEEP(3) FROM information_schema.tables')).rejects.toMatchObject({
      reason: 'statement-too-slow',
    });
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    database.close();
  });

  it('gives up when the time is over, in the middle of a statement', async () => {
    const time = new AbortController();
    const database = await connectToDatabase(address('127.0.0.1'), { allowPlaintext: false }, time.signal);
    const answer = database.query('SELECT SLEEP(60)');
    // However long connecting took, the statement is under way now.
    setTimeout(() => time.abort(new DOMException('the time is over', 'TimeoutError')), 100);
    await expect(answer).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('gives up on a server that says nothing', async () => {
    await using silent = await startScript(() => {});
    const failure = connectToDatabase(
      { ...address('127.0.0.1'), port: silent.port },
      { allowPlaintext: false },
      AbortSignal.timeout(300),
    );
    await expect(failure).rejects.toMatchObject({ reason: 'timeout' });
  });
});
