import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { makeRoot, unpackedMissing } from './chroot.ts';
import { startForeground } from './foreground-server.ts';
import { freePorts } from './free-ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

const packageName = 'exim4-daemon-light';
const program = '/usr/sbin/exim4';
/** The name is compiled into Debian's Exim; the number is no one's. */
const user = { name: 'Debian-exim', id: 54_321 };
const hostname = 'mail.example.test';

/** One line that says why tests against a real Exim cannot run here; undefined when they can. */
export const eximMissing = (): string | undefined => unpackedMissing(packageName);

export type Exim = AsyncDisposable & {
  /** Plain SMTP with STARTTLS. */
  readonly port: number;
  /** Implicit TLS. */
  readonly tlsPort: number;
  readonly hostname: string;
  readonly certificate: string;
  /** Its log so far. */
  log(): Promise<string>;
};

const configuration = (port: number, tlsPort: number): string => `
primary_hostname = ${hostname}
daemon_smtp_ports = ${port} : ${tlsPort}
tls_on_connect_ports = ${tlsPort}
local_interfaces = 127.0.0.1
spool_directory = /spool
log_file_path = /log/%slog
log_selector = +smtp_connection +smtp_no_mail
pid_file_path = /spool/exim.pid
tls_advertise_hosts = *
tls_certificate = /etc/certificate.pem
tls_privatekey = /etc/key.pem
host_lookup =
smtp_accept_max = 0
queue_only = true
keep_environment =
acl_smtp_rcpt = recipients

begin acl
recipients:
  accept domains = ${hostname}
         local_parts = user
  deny   message = no such user here

begin routers
discard:
  driver = redirect
  data = :blackhole:
`;

/** Starts an Exim of its own on loopback, on ports that are free, with a certificate made on the spot; only `user@mail.example.test` is a recipient. Its scope's end stops it. */
export const startExim = async (): Promise<Exim> => {
  const folder = await temporaryFolder();
  const file = (path: string): string => join(folder.path, path);
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const certificate = await makeCertificate({ commonName: hostname, key: 'rsa:2048', days: 61 });
  await makeRoot(folder.path, packageName, program, [user]);
  for (const path of ['etc/exim4', 'spool', 'log', 'tmp']) await mkdir(file(path), { mode: 0o755 });
  await writeFile(file('etc/exim4/exim4.conf'), configuration(port, tlsPort), { mode: 0o644 });
  await writeFile(file('etc/certificate.pem'), certificate.cert, { mode: 0o644 });
  await writeFile(file('etc/key.pem'), certificate.key, { mode: 0o600 });
  for (const path of ['spool', 'log', 'etc/key.pem']) await chown(file(path), user.id, user.id);
  const server = await startForeground('chroot', [folder.path, program, '-bdf'], [port, tlsPort]);
  return {
    port,
    tlsPort,
    hostname,
    certificate: certificate.cert,
    log: () => readFile(file('log/mainlog'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
};
