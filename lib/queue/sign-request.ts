import { createHash, createHmac } from 'node:crypto';

export type AwsCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };

export type SigningOptions = {
  readonly region: string;
  readonly service: string;
  readonly credentials: AwsCredentials;
  /** Milliseconds since the epoch. AWS refuses what is five minutes off. */
  readonly nowMs: number;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * The headers of a POST to `/`, signed with Signature Version 4; their names are to be in lower case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const signedHeaders = (
  headers: Readonly<Record<string, string>>,
  body: string,
  { region, service, credentials, nowMs }: SigningOptions,
): Readonly<Record<string, string>> => {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const all: Record<string, string> = { ...headers, 'x-amz-date': time, 'x-amz-security-token': credentials.sessionToken };
  const names = Object.keys(all).toSorted();
  const canonical = ['POST', '/', '', ...names.map((name) => `${name}:${all[name]}`), '', names.join(';'), sha256(body)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
};
