import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { freePorts } from './free-ports.ts';
import { findProgram, run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** One line that says why tests against a real Postfix cannot run here; undefined when they can. */
export const postfixMissing = (): string | undefined => {
  if (findProgram('postfix') === undefined) return 'Postfix is missing: apt-get install postfix';
  if (findProgram('openssl') === undefined) return 'openssl is missing: apt-get install openssl';
  return process.getuid?.() === 0
    ? undefined
    : 'Postfix starts for root only: run the tests as root, or in a container';
};

export type Postfix = AsyncDisposable & {
  readonly address: string;
  /** Plain SMTP with STARTTLS. */
  readonly port: number;
  /** Implicit TLS. */
  readonly tlsPort: number;
  readonly hostname: string;
  readonly certificate: string;
  /** Its log so far. */
  log(): Promise<string>;
};

const hostname = 'mail.example.test';

const mainConfig = (folder: string): string => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/postfix.log
maillog_file_prefixes = ${folder}
myhostname = ${hostname}
mydestination = ${hostname}
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps = inline:{user=here}
notify_classes =
smtpd_tls_chain_files = ${folder}/chain.pem
smtpd_tls_security_level = may
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
`;

const masterConfig = (address: string, port: number, tlsPort: number): string => `
${address}:${port} inet n - n - - smtpd
${address}:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
anvil unix - - n - 1 anvil
`;

/** Starts a Postfix of its own on loopback, on ports that are free unless they are given, with a certificate made on the spot; only `user@mail.example.test` is a recipient of its own. Its scope's end stops it. */
export const startPostfix = async (
  address = '127.0.0.1',
  subjectAltNames: readonly string[] = [`DNS:${hostname}`],
  ports?: readonly [plain: number, implicitTls: number],
): Promise<Postfix> => {
  const folder = await temporaryFolder();
  const config = join(folder.path, 'config');
  const [port = 0, tlsPort = 0] = ports ?? (await freePorts(2, address));
  const certificate = await makeCertificate({ commonName: hostname, subjectAltNames, key: 'rsa:2048', days: 61 });
  for (const name of ['config', 'queue', 'data']) await mkdir(join(folder.path, name), { mode: 0o755 });
  await run('chown', ['postfix', join(folder.path, 'data')]);
  await chmod(join(folder.path, 'queue'), 0o755);
  await writeFile(join(folder.path, 'chain.pem'), certificate.key + certificate.cert, { mode: 0o600 });
  await writeFile(join(config, 'main.cf'), mainConfig(folder.path));
  await writeFile(join(config, 'master.cf'), masterConfig(address, port, tlsPort));
  await run('postfix', ['-c', config, 'start']);
  return {
    address,
    port,
    tlsPort,
    hostname,
    certificate: certificate.cert,
    log: () => readFile(join(folder.path, 'postfix.log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await run('postfix', ['-c', config, 'stop']);
      await folder[Symbol.asyncDispose]();
    },
  };
};
