import { createHash } from 'node:crypto';
import { localAws } from '../local-aws.ts';
import { type LoopbackServer, serveHttp } from '../loopback-server.ts';

/** The localhost port of the AWS Parameters and Secrets Lambda Extension. */
export interface SecretsExtension extends LoopbackServer {
  /** Stores a new version of a secret; the next read sees it, for unlike the real extension this one keeps no cache. */
  set(secretId: string, secretString: string): void;
}

export type SecretsExtensionOptions = {
  /** 0 lets the system choose. */
  readonly port: number;
  /** What callers must send as `X-Aws-Parameters-Secrets-Token`: the function's AWS_SESSION_TOKEN. */
  readonly sessionToken: string;
  /** Secret strings by secret id. */
  readonly secrets: Readonly<Record<string, string>>;
};

type Version = { readonly secretString: string; readonly createdAtEpochMs: number; readonly version: number };

/** A UUID by name and version, so that a reader can tell versions apart. */
const versionId = (secretId: string, version: number): string =>
  createHash('sha256')
    .update(`${secretId}\n${version}`)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** Serves `GET /secretsmanager/get?secretId=…` on 127.0.0.1 as the extension answers it. */
export const startSecretsExtension = async ({
  port,
  sessionToken,
  secrets,
}: SecretsExtensionOptions): Promise<SecretsExtension> => {
  const versions = new Map<string, Version>();
  const set = (secretId: string, secretString: string): void => {
    versions.set(secretId, {
      secretString,
      createdAtEpochMs: Date.now(),
      version: (versions.get(secretId)?.version ?? 0) + 1,
    });
  };
  for (const [secretId, secretString] of Object.entries(secrets)) set(secretId, secretString);

  const answer = (
    method: string | undefined,
    path: string,
    token: string,
  ): { readonly status: number; readonly body: string } => {
    const url = new URL(path, 'http://localhost');
    if (method !== 'GET' || url.pathname !== '/secretsmanager/get') return { status: 404, body: '404 page not found' };
    if (token !== sessionToken) return { status: 401, body: 'X-Aws-Parameters-Secrets-Token is missing or wrong' };
    const secretId = url.searchParams.get('secretId');
    if (!secretId) return { status: 400, body: 'secretId is missing' };
    const current = versions.get(secretId);
    if (!current)
      return { status: 400, body: "ResourceNotFoundException: Secrets Manager can't find the specified secret." };
    return {
      status: 200,
      body: JSON.stringify({
        ARN: `arn:aws:secretsmanager:${localAws.region}:${localAws.accountId}:secret:${secretId}`,
        Name: secretId,
        VersionId: versionId(secretId, current.version),
        SecretString: current.secretString,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: new Date(current.createdAtEpochMs).toISOString(),
      }),
    };
  };

  const server = await serveHttp((request, response) => {
    const token = request.headers['x-aws-parameters-secrets-token'];
    const { status, body } = answer(request.method, request.url ?? '/', typeof token === 'string' ? token : '');
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/plain' }).end(body);
  }, port);
  return { ...server, set };
};
