import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Postal's key, as openssl makes it, and openssl's signatures with it. */
export type PostalKey = {
  readonly publicPem: string;
  /** Base64 of the public key's DER: `p=` of the DKIM record. */
  readonly publicDer: string;
  sign(body: string, algorithm: 'sha1' | 'sha256'): string;
};

const program = 'openssl';

const openssl = (args: readonly string[], input = ''): Buffer => {
  const { status, stdout, stderr } = spawnSync(program, args, { input });
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with ${status}: ${stderr.toString('utf8')}`);
  return stdout;
};

/** Runs `work` with the text in a file that only this user can read. */
const withFile = <Result>(text: string, work: (file: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), 'postal-endpoint-test-'));
  try {
    const file = join(folder, 'signing.key');
    writeFileSync(file, text, { mode: 0o600 });
    return work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Makes an RSA key with openssl, so that no code of the project checks its own signatures. */
export const opensslKey = (bits: 1024 | 2048): PostalKey => {
  const privatePem = openssl(['genrsa', '-traditional', String(bits)]).toString('utf8');
  const publicPart = (...args: readonly string[]): Buffer => openssl(['rsa', '-pubout', ...args], privatePem);
  return {
    publicPem: publicPart().toString('utf8'),
    publicDer: publicPart('-outform', 'DER').toString('base64'),
    sign: (body, algorithm) =>
      withFile(privatePem, (file) => openssl(['dgst', `-${algorithm}`, '-sign', file], body).toString('base64')),
  };
};
