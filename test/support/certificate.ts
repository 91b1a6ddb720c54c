import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A key and its certificate, PEM. */
export type Certificate = { readonly key: string; readonly cert: string };

export type CertificateOptions = {
  readonly commonName?: string;
  /** As openssl writes them: `DNS:mail.example.test`, `IP:127.0.0.1`. */
  readonly subjectAltNames?: readonly string[];
  readonly key?: 'rsa:2048' | 'rsa:1024' | 'ec:prime256v1' | 'ed25519';
  /** Days from now until it expires; negative for one that has. */
  readonly days?: number;
  /** Signs the certificate; self-signed when absent. */
  readonly issuer?: Certificate;
  readonly isAuthority?: boolean;
};

const keyArguments = {
  'rsa:2048': ['-newkey', 'rsa:2048'],
  'rsa:1024': ['-newkey', 'rsa:1024'],
  'ec:prime256v1': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  ed25519: ['-newkey', 'ed25519'],
} as const;

const dayMs = 86_400_000;

/** `YYYYMMDDHHMMSSZ`, as openssl takes dates. */
const opensslDate = (timeMs: number): string => `${new Date(timeMs).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** `openssl ca` alone can set both dates in every version of openssl. */
const authorityConfig = (folder: string, subjectAltNames: readonly string[], isAuthority: boolean): string => `
[ca]
default_ca = here
[here]
database = ${folder}/index.txt
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}
subjectKeyIdentifier = hash
${subjectAltNames.length === 0 ? '' : `subjectAltName = ${subjectAltNames.join(',')}`}
`;

/** Makes a certificate on the spot with openssl (Debian package: openssl). */
export const makeCertificate = async (options: CertificateOptions = {}): Promise<Certificate> => {
  const { commonName = 'mail.example.test', key = 'ec:prime256v1', days = 30, issuer, isAuthority = false } = options;
  const subjectAltNames = options.subjectAltNames ?? [`DNS:${commonName}`];
  await using folder = await temporaryFolder();
  const file = (name: string): string => join(folder.path, name);
  await writeFile(file('index.txt'), '');
  await writeFile(file('ca.cnf'), authorityConfig(folder.path, subjectAltNames, isAuthority));
  await run('openssl', [
    'req',
    '-new',
    '-nodes',
    ...keyArguments[key],
    '-subj',
    `/CN=${commonName}`,
    '-keyout',
    file('key.pem'),
    '-out',
    file('request.pem'),
  ]);
  if (issuer) {
    await writeFile(file('issuer.pem'), issuer.cert);
    await writeFile(file('issuer.key'), issuer.key);
  }
  const signer = issuer
    ? ['-cert', file('issuer.pem'), '-keyfile', file('issuer.key')]
    : ['-selfsign', '-keyfile', file('key.pem')];
  const notAfterMs = Date.now() + days * dayMs;
  const dates = [
    '-startdate',
    opensslDate(Math.min(Date.now(), notAfterMs) - dayMs),
    '-enddate',
    opensslDate(notAfterMs),
  ];
  const output = ['-in', file('request.pem'), '-out', file('cert.pem'), '-notext'];
  await run('openssl', ['ca', '-batch', '-config', file('ca.cnf'), ...signer, ...dates, ...output]);
  return { key: await readFile(file('key.pem'), 'utf8'), cert: await readFile(file('cert.pem'), 'utf8') };
};
