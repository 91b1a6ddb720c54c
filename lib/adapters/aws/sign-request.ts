import { createHash, createHmac, type Hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

export type SigningOptions = {
  readonly region: string;
  readonly service: string;
  readonly credentials: AwsCredentials;
  /** Milliseconds since the epoch. AWS refuses what is five minutes off. */
  readonly nowMs: number;
};

/** Node's SHA-256 in the form in which the signer asks for one; with a secret, HMAC. */
class Sha256 {
  readonly #hash: Hash | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.#hash = createHash('sha256');
    else if (typeof secret === 'string') this.#hash = createHmac('sha256', secret);
    else
      this.#hash = createHmac(
        'sha256',
        ArrayBuffer.isView(secret)
          ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
          : new Uint8Array(secret),
      );
  }

  update(chunk: string | Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  /** Each one is used once. */
  reset(): void {}
}

/** The headers of a POST to `/`, signed with Signature Version 4 by the SDK's own signer, which loads fast where a whole client does not. */
export const signedHeaders = async (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { region, service, credentials, nowMs }: SigningOptions,
): Promise<Readonly<Record<string, string>>> => {
  const signer = new SignatureV4({ region, service, credentials, sha256: Sha256, applyChecksum: false });
  const request = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: '/',
    query: {},
    headers: { ...headers, host: url.host },
    body,
  };
  const signed = await signer.sign(request, { signingDate: new Date(nowMs) });
  return signed.headers;
};

/** Seconds for which RDS takes a token. */
const tokenSeconds = 900;

/**
 * The password with which RDS lets an IAM role in: a presigned URL without its scheme, which is made here and sent to nobody else. RDS takes it for 15 minutes.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export const rdsToken = async (
  { host, port, user }: { readonly host: string; readonly port: number; readonly user: string },
  { region, credentials, nowMs }: Omit<SigningOptions, 'service'>,
): Promise<string> => {
  const signer = new SignatureV4({ region, service: 'rds-db', credentials, sha256: Sha256, applyChecksum: false });
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname: host,
    port,
    path: '/',
    query: { Action: 'connect', DBUser: user },
    headers: { host: `${host}:${port}` },
  };
  const { query = {} } = await signer.presign(request, { signingDate: new Date(nowMs), expiresIn: tokenSeconds });
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${host}:${port}/?${pairs.join('&')}`;
};
