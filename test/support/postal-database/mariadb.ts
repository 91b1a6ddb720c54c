import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from '../certificate.ts';
import { startForeground } from '../foreground-server.ts';
import { freePorts } from '../free-ports.ts';
import { findProgram, run } from '../run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** One line that says why tests against a real MariaDB cannot run here; undefined when they can. */
export const mariaDbMissing = (): string | undefined =>
  findProgram('mariadbd') === undefined || findProgram('mariadb') === undefined
    ? 'MariaDB is missing: apt-get install --no-install-recommends mariadb-server-core mariadb-client-core'
    : undefined;

export type MariaDb = AsyncDisposable & {
  readonly port: number;
  /** File of the authority that signed the server's certificate. */
  readonly caFile: string;
  /** Runs statements as root; gives what the client prints, without headings. */
  sql(text: string): Promise<string>;
};

/** Settings that trade the safety of data, which these are not, for speed. */
const quick = [
  '--innodb-log-file-size=8M',
  '--innodb-doublewrite=0',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
];

/** Runs a client to its end with statements on its standard input. */
const client = (socket: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(findProgram('mariadb') ?? 'mariadb', [
      '--no-defaults',
      '-S',
      socket,
      '-uroot',
      '-N',
      '-B',
      '--default-character-set=utf8mb4',
    ]);
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    child
      .on('error', reject)
      .on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(errors.slice(0, 2000)))));
    child.stdin.end(text);
  });

/** What the server's certificate is for. `none`: the server offers no TLS. */
export type ServerTls = 'none' | { readonly subjectAltNames: readonly string[] };

/**
 * Starts a MariaDB of Debian's on loopback, with a folder of its own and, by default, a certificate for 127.0.0.1 from an authority made on the spot.
 * Its scope's end stops it.
 */
export const startMariaDb = async (
  tls: ServerTls = { subjectAltNames: ['IP:127.0.0.1', 'DNS:localhost'] },
  more: readonly string[] = [],
  fixedPort?: number,
): Promise<MariaDb> => {
  const folder = await temporaryFolder();
  const file = (name: string): string => join(folder.path, name);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  // A tmpdir of its own as well: servers that start at the same time take each other's temporary tables.
  const data = [`--datadir=${file('data')}`, `--tmpdir=${folder.path}`];
  await run('mariadb-install-db', [
    '--no-defaults',
    ...user,
    ...data,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...quick,
  ]);
  const authority: Certificate = await makeCertificate({ commonName: 'Test authority', isAuthority: true });
  await writeFile(file('ca.pem'), authority.cert);
  if (tls !== 'none') {
    const { key, cert } = await makeCertificate({
      commonName: 'database',
      subjectAltNames: tls.subjectAltNames,
      issuer: authority,
    });
    await writeFile(file('server.key'), key);
    await writeFile(file('server.pem'), cert);
  }
  const port = fixedPort ?? (await freePorts(1))[0] ?? 0;
  const socket = file('m.sock');
  const server = await startForeground(
    findProgram('mariadbd') ?? 'mariadbd',
    [
      '--no-defaults',
      ...user,
      ...data,
      ...quick,
      `--socket=${socket}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      `--pid-file=${file('m.pid')}`,
      '--innodb-buffer-pool-size=128M',
      ...(tls === 'none' ? [] : [`--ssl-cert=${file('server.pem')}`, `--ssl-key=${file('server.key')}`]),
      ...more,
    ],
    [port],
  );
  const stop = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { port, caFile: file('ca.pem'), sql: (text) => client(socket, text), [Symbol.asyncDispose]: stop };
};
