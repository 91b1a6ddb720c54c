import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
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
