import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Postal's key, as openssl makes it, and openssl's signatures with it. */
export type PostalKey = {
  readonly publicPem: string;
  /** Base64 of the public key's DER: `p=` of the DKIM record. */
  readonly publicDer: string;
  sign(body: string, algorithm: 'sha1' | 'sha256'): string;
};

/** Makes an RSA key with openssl, so that no code of the project checks its own signatures. */
export const opensslKey = (bits: 1024 | 2048): PostalKey => {
  const folder = mkdtempSync(join(tmpdir(), 'postal-endpoint-test-'));
  try {
    const file = join(folder, 'signing.key');
    execFileSync('openssl', ['genrsa', '-traditional', '-out', file, String(bits)], { stdio: 'ignore' });
    const privatePem = readFileSync(file, 'utf8');
    const publicPem = execFileSync('openssl', ['rsa', '-in', file, '-pubout'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const der = execFileSync('openssl', ['rsa', '-in', file, '-pubout', '-outform', 'DER'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return {
      publicPem: publicPem.toString('utf8'),
      publicDer: der.toString('base64'),
      sign: (body, algorithm) => signed(privatePem, body, algorithm),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const signed = (privatePem: string, body: string, algorithm: 'sha1' | 'sha256'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'postal-endpoint-test-'));
  try {
    const file = join(folder, 'signing.key');
    writeFileSync(file, privatePem, { mode: 0o600 });
    return execFileSync('openssl', ['dgst', `-${algorithm}`, '-sign', file], { input: body }).toString('base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A body as Postal writes it, with planted texts that must not leave the receiver. */
export const webhookBody = ({
  event = 'MessageDelayed',
  status = 'SoftFail',
  direction = 'incoming',
  atMs,
  uuid = randomUUID(),
  messageId = 2,
  to = 'recipient-SECRET@acme.example',
  details = 'No SMTP servers were available for acme.example. Tried gitlab.mail.corp.internal.',
  output = 'Connection refused - connect(2) for "10.0.4.12" port 25',
}: {
  readonly event?: string;
  readonly status?: string;
  readonly direction?: string;
  readonly atMs: number;
  readonly uuid?: string;
  readonly messageId?: number;
  readonly to?: string;
  readonly details?: string;
  readonly output?: string;
}): string =>
  JSON.stringify({
    event,
    timestamp: atMs / 1000,
    payload: {
      message: {
        id: messageId,
        token: 'D96KGRWQBCMst24k',
        direction,
        message_id: 'cb33e3a1@SECRET.example',
        to,
        from: 'sender-SECRET@ext.example',
        subject: 'SECRET subject',
        timestamp: atMs / 1000 - 1,
        spam_status: 'NotSpam',
        tag: null,
      },
      status,
      details,
      output,
      sent_with_ssl: false,
      timestamp: atMs / 1000,
      time: null,
    },
    uuid,
  }).replaceAll('<', '\\u003c');
