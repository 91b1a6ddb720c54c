import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { makeRoot, unpackedMissing } from './chroot.ts';
import { startForeground } from './foreground-server.ts';
import { freePorts } from './free-ports.ts';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const packageName = 'opensmtpd';
const program = '/usr/sbin/smtpd';
/** The names are compiled into OpenSMTPD; the numbers are no one's. */
const users = [
  { name: 'opensmtpd', id: 54_322 },
  { name: 'opensmtpq', id: 54_323 },
];
const hostname = 'mail.example.test';

/** One line that says why tests against a real OpenSMTPD cannot run here; undefined when they can. */
export const openSmtpdMissing = (): string | undefined => unpackedMissing(packageName);

export type OpenSmtpd = AsyncDisposable & {
  /** Plain SMTP with STARTTLS. */
  readonly port: number;
  /** Implicit TLS. */
  readonly tlsPort: number;
  readonly hostname: string;
  readonly certificate: string;
  /**
   * Whether another client than the probe can speak TLS with it. Debian 12's OpenSMTPD 6.8 cannot sign under OpenSSL 3: it offers STARTTLS,
   * and every handshake ends in an alert. Later ones can.
   */
  readonly speaksTls: boolean;
  /** Its log so far. */
  readonly log: string;
};

const configuration = (port: number, tlsPort: number): string => `
pki ${hostname} cert "/etc/certificate.pem"
pki ${hostname} key "/etc/key.pem"
listen on 127.0.0.1 port ${port} tls pki ${hostname} hostname ${hostname}
listen on 127.0.0.1 port ${tlsPort} smtps pki ${hostname} hostname ${hostname}
action keep maildir "/mail" virtual { "user@${hostname}" = root }
match from any for domain ${hostname} action keep
`;

const canHandshake = async (tlsPort: number): Promise<boolean> => {
  try {
    await run('sh', ['-c', `openssl s_client -brief -connect 127.0.0.1:${tlsPort} </dev/null`]);
    return true;
  } catch {
    return false;
  }
};

/** Starts an OpenSMTPD of its own on loopback, on ports that are free, with a certificate made on the spot; only `user@mail.example.test` is a recipient. Its scope's end stops it. */
export const startOpenSmtpd = async (): Promise<OpenSmtpd> => {
  const folder = await temporaryFolder();
  const file = (path: string): string => join(folder.path, path);
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const certificate = await makeCertificate({ commonName: hostname, key: 'rsa:2048', days: 61 });
  await makeRoot(folder.path, packageName, program, users);
  for (const path of ['var/lib/opensmtpd/empty', 'var/run', 'usr/libexec/opensmtpd', 'mail', 'tmp']) {
    await mkdir(file(path), { recursive: true, mode: 0o755 });
  }
  await mkdir(file('var/spool/smtpd'), { recursive: true, mode: 0o711 });
  await writeFile(file('etc/smtpd.conf'), configuration(port, tlsPort), { mode: 0o644 });
  await writeFile(file('etc/certificate.pem'), certificate.cert, { mode: 0o644 });
  await writeFile(file('etc/key.pem'), certificate.key, { mode: 0o600 });
  const server = await startForeground('chroot', [folder.path, program, '-d', '-v'], [port, tlsPort]);
  return {
    port,
    tlsPort,
    hostname,
    certificate: certificate.cert,
    speaksTls: await canHandshake(tlsPort),
    get log() {
      return server.output;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
};
