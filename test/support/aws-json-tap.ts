import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { serveHttp } from '../../lib/local/loopback-server.ts';

/** One request that came through: the operation, and the table that it named. */
type Tapped = { readonly operation: string; readonly table: string };

/** What happens to a request: the service carries it out but its answer is lost, or it never reaches the service and gets this answer, or none at all. */
type Fault = 'answer-lost' | 'silence' | { readonly status: number; readonly type: string };

/** A tap between a client and a service of AWS's JSON protocol, which keeps count and breaks things on demand. */
export interface AwsJsonTap extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Tapped[];
  /** The next requests of this operation meet these faults, one each. */
  fail(operation: string, ...faults: readonly Fault[]): void;
}

const inputSchema = z.object({ TableName: z.string().optional(), Statement: z.string().optional() });

const tableIn = (body: Buffer): string => {
  const { TableName, Statement } = inputSchema.parse(JSON.parse(body.toString('utf8')));
  return TableName ?? /INTO\s+"([^"]+)"/.exec(Statement ?? '')?.[1] ?? '';
};

const forward = async (
  request: IncomingMessage,
  body: Buffer,
  url: string,
): Promise<{ readonly answer: IncomingMessage; readonly content: Buffer }> => {
  const outgoing = httpRequest(url, {
    method: request.method ?? 'POST',
    headers: { ...request.headers, connection: 'close' },
    agent: false,
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { answer, content: await buffer(answer) };
};

/** Opens a tap in front of the service at `serviceUrl`. */
export const openTap = async (serviceUrl: string): Promise<AwsJsonTap> => {
  const seen: Tapped[] = [];
  const faults = new Map<string, Fault[]>();

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    seen.push({ operation, table: tableIn(body) });
    const fault = faults.get(operation)?.shift();
    if (fault === 'silence') return;
    if (typeof fault === 'object') {
      response.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(
        JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${fault.type}`, message: 'made up by the test' }),
      );
      return;
    }
    const { answer, content } = await forward(request, body, serviceUrl);
    if (fault === 'answer-lost') response.destroy();
    else
      response
        .writeHead(answer.statusCode ?? 500, { 'content-type': answer.headers['content-type'] ?? '' })
        .end(content);
  };

  const server = await serveHttp((request, response) => {
    pass(request, response).catch(() => response.destroy());
  }, 0);
  return {
    url: `http://127.0.0.1:${server.port}`,
    seen,
    fail: (operation, ...next) => void faults.set(operation, [...(faults.get(operation) ?? []), ...next]),
    [Symbol.asyncDispose]: () => server.close(),
  };
};
