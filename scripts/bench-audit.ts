import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { connectToDatabase } from '../lib/adapters/postal-database/connect.ts';
import { readSnapshot } from '../lib/adapters/postal-database/read-snapshot.ts';
import { auditInShell } from '../lib/shell/audit/audit.ts';
import { type MariaDb, startMariaDb } from '../test/support/postal-database/mariadb.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { median, timed } from './bench/statistics.ts';
import { contentOf, databasesOf, days, type Size } from './bench-audit/content.ts';
import { type Counted, countingRows } from './bench-audit/counted.ts';

// Measures what an audit costs Postal's database, on a real MariaDB with 200,000 messages: the most rows that one statement reads, statements, milliseconds with
// 100 and with 1,000 endpoints, and how long an ALTER TABLE waits for its lock while audits run in a loop beside Postal's own INSERTs. Prints one line of JSON.

const many: Size = { endpoints: 1000, messages: 200_000, servers: 4, waiting: 4000 };
const few: Size = { ...many, endpoints: 100 };
const account = { user: 'postal_endpoint', password: 'bench' };
const runs = 5;
const alters = 40;
const windowDays = 3;
const { signal } = new AbortController();

/** The two statements on the whole queue read what waits, however much that is. */
const readsQueue = ({ sql }: Counted): boolean => /queued_messages.* GROUP BY /.test(sql);

/** What an audit may run, by what there is to read. */
const statementsAtMost = ({ endpoints, messages, servers, waiting }: Size): number => {
  const thousands = (count: number): number => Math.ceil(count / 1000);
  const deliveriesOf = (count: number): number => count * (1 + 1 / 3);
  const newestId = deliveriesOf(messages / servers) + waiting / servers;
  const inWindow = deliveriesOf((messages / servers) * (windowDays / days)) + waiting / servers;
  const ofServer = 4 + Math.ceil(Math.log2(newestId)) + thousands(inWindow) + 2 * thousands(waiting / servers);
  return 12 + thousands(endpoints) + thousands(endpoints) + servers * ofServer;
};

const fill = async (db: MariaDb, size: Size): Promise<void> => {
  await db.sql(contentOf(size, Math.floor(Date.now() / 1000)));
};

const countStatements = async (
  db: MariaDb,
): Promise<{ readonly statements: number; readonly rowsPerStatementMax: number }> => {
  const protection = { allowPlaintext: false };
  const database = await connectToDatabase({ host: '127.0.0.1', port: db.port, ...account }, protection, signal);
  const counted = await countingRows(database.query);
  await readSnapshot({ main: counted.query, messages: counted.query, ...databasesOf(many.endpoints) }, Date.now());
  database.close();
  const bounded = counted.statements.filter((statement) => !readsQueue(statement));
  const sessionSettings = 2;
  return {
    statements: counted.statements.length + sessionSettings,
    rowsPerStatementMax: Math.max(...bounded.map(({ rows }) => rows)),
  };
};

type Audit = (size: Size) => Promise<void>;

const medianMs = async (audit: Audit, size: Size): Promise<number> => {
  await audit(size);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(() => audit(size)));
  return Math.round(median(times));
};

/** The longest that one of many ALTERs waited for its lock, by MariaDB's own profile. */
const alterBlockedMs = async (db: MariaDb, audit: Audit): Promise<number> => {
  let isOver = false;
  const inALoop = async (work: () => Promise<unknown>): Promise<void> => {
    while (!isOver) await work();
  };
  const use = `USE \`${databasesOf(many.endpoints).messagePrefix}-server-1\`;`;
  const insert = `${use} INSERT INTO deliveries (message_id, status, timestamp) SELECT 1, 'Sent', UNIX_TIMESTAMP() FROM seq_1_to_20`;
  const statements = Array.from({ length: alters }, (_, index) => {
    const change = index % 2 === 0 ? 'ADD COLUMN bench int, ALGORITHM=INSTANT' : 'DROP COLUMN bench, ALGORITHM=INSTANT';
    return `ALTER TABLE ${index % 4 < 2 ? 'deliveries' : 'messages'} ${change}; SELECT SUM(duration) FROM information_schema.profiling WHERE state LIKE 'Waiting for table metadata%'; DO SLEEP(0.05);`;
  });
  const altered = db
    .sql(`${use} SET profiling = 1, profiling_history_size = 1;\n${statements.join('\n')}`)
    .finally(() => {
      isOver = true;
    });
  const [printed] = await Promise.all([altered, inALoop(() => audit(many)), inALoop(() => db.sql(insert))]);
  const waits = printed.split('\n').map((line) => (line === 'NULL' ? 0 : Number(line) * 1000));
  return Math.round(Math.max(...waits));
};

const dnsPort = (thread: Worker): Promise<unknown> => new Promise((resolve) => thread.once('message', resolve));

const main = async (): Promise<void> => {
  await using folder = await temporaryFolder();
  await using db = await startMariaDb();
  const thread = new Worker(new URL('bench-audit/dns-thread.ts', import.meta.url));
  const resolver = `127.0.0.1:${await dnsPort(thread)}`;
  for (const size of [few, many]) await fill(db, size);
  await db.sql(
    `CREATE USER ${account.user}@'127.0.0.1' IDENTIFIED BY '${account.password}'; GRANT SELECT ON *.* TO ${account.user}@'127.0.0.1'`,
  );
  const registry = join(folder.path, 'registry.json');
  await writeFile(registry, '[]');
  const audit: Audit = async ({ endpoints }) => {
    const { database, messagePrefix } = databasesOf(endpoints);
    const url = `mysql://${account.user}@127.0.0.1:${db.port}/${database}`;
    const args = [
      '--database',
      url,
      '--message-prefix',
      messagePrefix,
      '--ca-file',
      db.caFile,
      '--resolver',
      resolver,
      '--registry',
      registry,
      '--no-probe',
      '--json',
    ];
    const { text, exitCode } = await auditInShell(args, { POSTAL_DATABASE_PASSWORD: account.password });
    if (exitCode === 3) throw new Error(text);
  };
  const { statements, rowsPerStatementMax } = await countStatements(db);
  const ms = { '100': await medianMs(audit, few), '1000': await medianMs(audit, many) };
  const blocked = await alterBlockedMs(db, audit);
  await thread.terminate();
  process.stdout.write(`${JSON.stringify({ rowsPerStatementMax, statements, ms, alterBlockedMs: blocked })}\n`);
  const limits = [
    ['rowsPerStatementMax', rowsPerStatementMax, 2500],
    ['statements', statements, statementsAtMost(many)],
    ['ms["1000"]', ms['1000'], 2 * ms['100']],
    ['alterBlockedMs', blocked, 50],
  ] as const;
  for (const [name, value, atMost] of limits.filter(([, figure, limit]) => figure > limit)) {
    process.stderr.write(`${name} is ${value}, more than ${atMost}\n`);
    process.exitCode = 1;
  }
};

await main();
