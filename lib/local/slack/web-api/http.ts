import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../loopback-server.ts';

const bodyLimitBytes = 1_048_576;

/** The whole body as text; `undefined` when it is over 1 MiB. */
export const readText = async (request: IncomingMessage): Promise<string | undefined> => {
  const body = await readBody(request, bodyLimitBytes);
  return body === 'too-large' ? undefined : body.toString('utf8');
};

/** The body as JSON; `undefined` when it is not one. */
export const parseJson = (body: string | undefined): unknown => {
  try {
    return body === undefined ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Answers with JSON. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(value));
};

/** Answers with text. */
export const sendText = (
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(text);
};
