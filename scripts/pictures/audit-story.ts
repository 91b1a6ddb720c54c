import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditInShell } from '../../lib/shell/audit/audit.ts';
import { startMariaDb } from '../../test/support/postal-database/mariadb.ts';
import { type Mail, type PostalContent, postalDatabases } from '../../test/support/postal-database/postal.ts';
import { addressRecord, startDns } from '../../test/support/scripted-dns.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

const hour = 3600;
const zone = 'mail.corp.internal';
const database = { prefix: 'postal', database: 'postal', schema: '3.3' } as const;

const sent = (endpoint: number, ageSeconds: number, encrypted = true): Mail => ({
  server: 1,
  endpoint,
  route: endpoint,
  attempts: [{ ageSeconds, status: 'Sent', encrypted }],
});

const failed = (endpoint: number, ageSeconds: number, details: string, output: string): Mail => ({
  server: 1,
  endpoint,
  route: endpoint,
  attempts: [ageSeconds, ageSeconds / 2, 600].map((age) => ({ ageSeconds: age, status: 'SoftFail', details, output })),
  waits: true,
});

const times = (count: number, mail: (index: number) => Mail): readonly Mail[] =>
  Array.from({ length: count }, (_, index) => mail(index));

const content = (nowMs: number): PostalContent => ({
  ...database,
  nowMs,
  servers: [{ id: 1, permalink: 'production' }],
  endpoints: [
    { id: 1, server: 1, name: 'GitLab', hostname: `gitlab.${zone}` },
    { id: 2, server: 1, name: 'Tickets', hostname: '10.0.4.12' },
    { id: 3, server: 1, name: 'Billing', hostname: `billing.${zone}` },
    { id: 4, server: 1, name: 'Archive', hostname: `archive.${zone}`, sslMode: 'STARTTLS' },
    { id: 5, server: 1, name: 'Monitoring', hostname: `monitoring.${zone}` },
  ],
  routes: [
    { id: 1, server: 1, name: 'gitlab', endpoint: 1 },
    { id: 2, server: 1, name: 'support', endpoint: 2 },
    { id: 3, server: 1, name: 'invoices', endpoint: 3 },
    { id: 4, server: 1, name: 'archive', endpoint: 4 },
    { id: 5, server: 1, name: 'alerts', endpoint: 5 },
    { id: 6, server: 1, name: 'jobs', endpoint: 9, additional: [5] },
  ],
  mail: [
    ...times(27, (index) =>
      failed(2, 22 * hour - index * 900, 'No SMTP servers were available for acme.example. No hosts to try.', ''),
    ),
    sent(3, 3.5 * hour),
    ...times(4, (index) =>
      failed(
        3,
        3 * hour - index * 600,
        `No SMTP servers were available for acme.example. Tried billing.${zone}.`,
        'Connection refused - connect(2) for "10.0.4.31" port 25',
      ),
    ),
    ...times(18, (index) => sent(4, 1800 + index * hour, false)),
    sent(1, 240),
    sent(5, 45),
  ],
});

/** What `postal-endpoint audit` prints of a small Postal with the commonest mistakes in it. */
export const playAudit = async (): Promise<{ readonly command: string; readonly text: string }> => {
  await using folder = await temporaryFolder();
  await using dns = await startDns(({ name, type }) => ({
    answers: type === 'A' ? [addressRecord(name, '127.0.0.1')] : [],
  }));
  await using db = await startMariaDb('none', ['--skip-ssl'], 3306);
  await db.sql(postalDatabases(content(Date.now())));
  await db.sql("GRANT SELECT ON *.* TO 'postal_endpoint'@'127.0.0.1' IDENTIFIED BY 'picture'");
  const config = join(folder.path, 'postal.yml');
  await writeFile(config, 'version: 2\nmain_db:\n  host: 127.0.0.1\nmessage_db:\n  host: 127.0.0.1\n');
  const registry = join(folder.path, 'registry.jsonl');
  const names = ['gitlab', 'billing', 'archive', 'monitoring'].map((name) => ({
    hostname: `${name}.${zone}`,
    port: 25,
    sslMode: 'Auto',
  }));
  await writeFile(registry, names.map((name) => JSON.stringify(name)).join('\n'));
  const resolver = `127.0.0.1:${dns.nameserver.port}`;
  const args = ['--postal-config', config, '--registry', registry, '--resolver', resolver, '--no-probe'];
  const { text } = await auditInShell(args, { POSTAL_DATABASE_PASSWORD: 'picture' });
  return { command: 'postal-endpoint audit --postal-config /opt/postal/config/postal.yml --no-probe', text };
};
