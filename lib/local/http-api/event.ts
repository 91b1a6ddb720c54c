import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { localAws } from '../local-aws.ts';

/** Media types that an HTTP API hands on as text; it encodes every other body as base64, forms included. */
const isText = (contentType: string): boolean =>
  /^(text\/|application\/(json|javascript|xml|[\w.+-]*\+(json|xml))\b)/i.test(contentType);
const isForm = (contentType: string): boolean => /^application\/x-www-form-urlencoded\b/i.test(contentType);

const clfTime = (epochMs: number): string => {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().replace(',', '').split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
};

const joinedHeaders = (request: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct))
    if (values && name !== 'cookie') headers[name] = values.join(',');
  return headers;
};

const joinedQuery = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...new Set(query.keys())].map((key) => [key, query.getAll(key).join(',')]));

export type HttpApiEventOptions = {
  readonly receivedAtEpochMs: number;
  /** How form bodies travel: `base64` as the service does, or `plain`, as other tools in front of a function do. */
  readonly formBodies: 'base64' | 'plain';
};

/** The event of payload format 2.0 that an HTTP API's `$default` stage makes of a request. */
export const httpApiEvent = (
  request: IncomingMessage,
  body: Buffer,
  options: HttpApiEventOptions,
): APIGatewayProxyEventV2 => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  const headers = joinedHeaders(request);
  const contentType = headers['content-type'] ?? '';
  const isBase64Encoded =
    body.length > 0 && !isText(contentType) && !(isForm(contentType) && options.formBodies === 'plain');
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const cookies = request.headers.cookie?.split(/;\s*/);
  return {
    version: '2.0',
    routeKey: `${method} ${url.pathname}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookies ? { cookies } : {}),
    headers: {
      ...headers,
      'x-forwarded-for': sourceIp,
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(request.socket.localPort ?? 80),
    },
    ...(url.search.length > 1 ? { queryStringParameters: joinedQuery(url.searchParams) } : {}),
    requestContext: {
      accountId: localAws.accountId,
      apiId: 'local',
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: `${method} ${url.pathname}`,
      stage: '$default',
      time: clfTime(options.receivedAtEpochMs),
      timeEpoch: options.receivedAtEpochMs,
    },
    ...(body.length > 0 ? { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded,
  };
};
