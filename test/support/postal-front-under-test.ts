import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type PostalMessage, parsePostalMessage } from '../../lib/app/queue/postal-message.ts';
import { createPostalFront } from '../../lib/front/postal/postal-front.ts';
import type { PostalPorts } from '../../lib/front/postal/postal-ports.ts';
import type { PostalSecrets } from '../../lib/front/postal/postal-secrets.ts';
import { webhookTrust } from '../../lib/front/postal/webhook-trust.ts';
import { httpApiEvent } from '../../lib/local/http-api/event.ts';
import { readBody, serveHttp } from '../../lib/local/loopback-server.ts';
import { recordingLogger } from './front-under-test.ts';

export const postalSecrets: PostalSecrets = {
  webhookTokens: {
    'acme/production': 'token-of-acme-production-0123456789abcdef',
    'acme/staging': 'token-of-acme-staging-0123456789abcdefgh',
  },
  reportKeys: {
    postal1: 'key-of-postal1-0123456789abcdef01234567',
    postal2: 'key-of-postal2-0123456789abcdef01234567',
  },
  recipientKey: 'recipients-0123456789abcdef0123456789ab',
};

/** The path of a mail server's webhook. */
export const webhookPath = (server: string, token = postalSecrets.webhookTokens[server] ?? ''): string =>
  `/postal/webhooks/${server}/${token}`;

/** A request as an HTTP API hands it on: text as it is, everything else in base64. */
export const postalRequest = (
  rawPath: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string | undefined>> = {},
  method = 'POST',
): APIGatewayProxyEventV2 => {
  const http = { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '10.0.0.9', userAgent: 'Postal/3.3.7' };
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const isText = typeof body === 'string';
  return {
    version: '2.0',
    routeKey: `${method} ${rawPath}`,
    rawPath,
    rawQueryString: '',
    headers: given,
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'localhost',
      domainPrefix: 'test',
      http,
      requestId: 'r',
      routeKey: `${method} ${rawPath}`,
      stage: '$default',
      time: '30/Nov/2026:12:00:00 +0000',
      timeEpoch: 0,
    },
    body: isText ? body : Buffer.from(body).toString('base64'),
    isBase64Encoded: !isText,
  };
};

/** A receiver whose queue is in memory. It refuses what the keeper could not read back. */
export const postalFrontUnderTest = (
  profile: Readonly<Record<string, unknown>>,
  now: () => number,
  more: Partial<PostalPorts> = {},
): {
  readonly handle: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;
  readonly sent: readonly PostalMessage[];
  readonly log: ReturnType<typeof recordingLogger>;
} => {
  const sent: PostalMessage[] = [];
  const log = recordingLogger();
  const trust = webhookTrust(JSON.stringify(profile));
  const read = async (): Promise<PostalSecrets> => postalSecrets;
  const handle = createPostalFront({
    secrets: { read, refresh: read },
    trust: () => trust,
    queue: {
      send: async (message) => {
        const parsed = parsePostalMessage(JSON.stringify(message));
        if (parsed === undefined) throw new Error('the keeper could not read this message');
        sent.push(parsed);
      },
    },
    storedReportAt: async () => undefined,
    log,
    now,
    ...more,
  });
  return { handle, sent, log };
};

/** The receiver behind HTTP. */
export const servedPostalFront = async ({
  handle,
}: Pick<ReturnType<typeof postalFrontUnderTest>, 'handle'>): Promise<AsyncDisposable & { readonly url: URL }> => {
  const server = await serveHttp((request, response) => {
    void (async () => {
      const body = await readBody(request, 10_000_000);
      if (body === 'too-large') return response.writeHead(413).end();
      const answer = await handle(httpApiEvent(request, body, { receivedAtEpochMs: 0, formBodies: 'base64' }));
      return response.writeHead(answer.statusCode ?? 500).end(answer.body);
    })();
  }, 0);
  return {
    url: new URL(`http://127.0.0.1:${server.port}/postal/snapshots`),
    [Symbol.asyncDispose]: () => server.close(),
  };
};
