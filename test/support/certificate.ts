import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A key and its certificate, PEM. */
export type Certificate = { readonly key: string; readonly cert: string };

export type CertificateOptions = {
  readonly commonName?: string;
  readonly subjectAltNames?: readonly string[];
  readonly key?: 'rsa:2048' | 'rsa:1024' | 'ec:prime256v1' | 'ed25519';
  /** Days from now; negative for one that has expired. */
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

/** `YYYYMMDDHHMMSSZ`, as openssl takes dates. */
const opensslDate = (date: Date): string => `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

const dayMs = 86_400_000;

/** Whether openssl can make certificates here. */
const datesArguments = (days: number): string[] => {
  const notAfter = new Date(Date.now() + days * dayMs);
  const notBefore = new Date(Math.min(Date.now() - dayMs, notAfter.getTime() - dayMs));
  return ['-not_before', opensslDate(notBefore), '-not_after', opensslDate(notAfter)];
};

/** Makes a certificate on the spot with openssl (Debian package: openssl). */
export const makeCertificate = async (options: CertificateOptions = {}): Promise<Certificate> => {
  const { commonName = 'mail.example.test', subjectAltNames = [`DNS:${commonName}`], key = 'ec:prime256v1', days = 30, issuer, isAuthority = false } = options;
  await using folder = await temporaryFolder();
  const file = (name: string): string => join(folder.path, name);
  const signing: string[] = [];
  if (issuer !== undefined) {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(file('ca.pem'), issuer.cert);
    await writeFile(file('ca.key'), issuer.key);
    signing.push('-CA', file('ca.pem'), '-CAkey', file('ca.key'));
  }
  const extensions = [
    ...(subjectAltNames.length > 0 ? ['-addext', `subjectAltName=${subjectAltNames.join(',')}`] : []),
    '-addext',
    `basicConstraints=critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
  ];
  const subject = ['-subj', `/CN=${commonName}`];
  const output = ['-keyout', file('key.pem'), '-out', file('cert.pem')];
  await run('openssl', ['req', '-x509', '-nodes', ...keyArguments[key], ...subject, ...datesArguments(days), ...extensions, ...signing, ...output]);
  return { key: await readFile(file('key.pem'), 'utf8'), cert: await readFile(file('cert.pem'), 'utf8') };
};
