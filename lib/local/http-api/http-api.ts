import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import { type LoopbackServer, readBody, serveHttp } from '../loopback-server.ts';
import { type HttpApiEventOptions, httpApiEvent } from './event.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const payloadLimitBytes = 10 * 1024 * 1024;

const header = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const structuredResponse = z.looseObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), header).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

export type HttpApiOptions = {
  /** Functions by route key, for example `POST /slack/events`; one that ends in `{proxy+}` takes every path below. */
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly formBodies: HttpApiEventOptions['formBodies'];
};

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
};

/** A handler may return a whole response, or any JSON, which is then the body of a 200. */
const respond = (response: ServerResponse, payload: string): void => {
  const returned: unknown = JSON.parse(payload);
  if (typeof returned !== 'object' || returned === null || !('statusCode' in returned)) {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(typeof returned === 'string' ? returned : payload);
    return;
  }
  const parsed = structuredResponse.safeParse(returned);
  if (!parsed.success) {
    refuse(response, 500, 'Internal Server Error');
    return;
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain;charset=utf-8');
  response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
};

const greedy = '{proxy+}';

/** The route of a request: its own path, else the longest greedy one above it. */
const routeOf = (routes: HttpApiOptions['routes'], request: string): LambdaFunction | undefined => {
  if (Object.hasOwn(routes, request)) return routes[request];
  const above = Object.keys(routes)
    .filter((key) => key.endsWith(greedy) && request.startsWith(key.slice(0, -greedy.length)))
    .filter((key) => request.length > key.length - greedy.length)
    .toSorted((one, other) => other.length - one.length)[0];
  return above === undefined ? undefined : routes[above];
};

/** Serves functions over HTTP on 127.0.0.1 as an API Gateway HTTP API does: payload format 2.0, 10 MB a request, errors as its own JSON. */
export const startHttpApi = ({ routes, port, formBodies }: HttpApiOptions): Promise<LoopbackServer> => {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const lambda = routeOf(routes, `${request.method ?? 'GET'} ${path}`);
    if (!lambda) return refuse(response, 404, 'Not Found');
    const body = await readBody(request, payloadLimitBytes);
    if (body === 'too-large') {
      response.setHeader('connection', 'close');
      return refuse(response, 413, 'Request Entity Too Large');
    }
    const invocation = await lambda.invoke(httpApiEvent(request, body, { receivedAtEpochMs: Date.now(), formBodies }));
    switch (invocation.kind) {
      case 'returned':
        return respond(response, invocation.payload);
      case 'failed':
        return refuse(response, 500, 'Internal Server Error');
      case 'throttled':
        return refuse(response, 503, 'Service Unavailable');
    }
  };
  return serveHttp((request, response) => {
    serve(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Internal Server Error');
    });
  }, port);
};
