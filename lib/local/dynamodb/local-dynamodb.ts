import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import dynalite from 'dynalite';
import { type LoopbackServer, listenOnLoopback, readBody, serveHttp } from '../loopback-server.ts';
import { type Ask, executeStatement } from './execute-statement.ts';
import { claimFolder } from './folder-lock.ts';

/** DynamoDB on this machine. */
export interface LocalDynamoDb {
  /** Listens on 127.0.0.1, on a free port when none is given. */
  listen(port?: number): Promise<{ readonly url: string }>;
  /** Ends every connection, waits for what is being written, and closes the store. */
  close(): Promise<void>;
}

type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

const apiVersion = 'DynamoDB_20120810';
const contentType = 'application/x-amz-json-1.0';
const largestRequestBytes = 16 * 1024 * 1024;
const host = '127.0.0.1';

// One connection a request and no deadline: dynalite throws, and with it the process ends, when a client goes away before its answer.
const forward = async (port: number, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> => {
  const outgoing = httpRequest({
    host,
    port,
    method: 'POST',
    path: '/',
    agent: false,
    headers: { ...headers, 'content-length': body.length, connection: 'close' },
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
};

const replyWith = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(JSON.stringify(body)),
});

const parsedJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

const answer = async (port: number, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> => {
  if (headers['x-amz-target'] !== `${apiVersion}.ExecuteStatement`) return forward(port, headers, body);
  const ask: Ask = async (operation, input) => {
    const reply = await forward(
      port,
      { ...headers, 'x-amz-target': `${apiVersion}.${operation}` },
      Buffer.from(JSON.stringify(input)),
    );
    return { status: reply.status, body: parsedJson(reply.body) };
  };
  const executed = await executeStatement(parsedJson(body), ask);
  return replyWith(executed.status, executed.body);
};

const receive = async (request: IncomingMessage, port: number): Promise<Reply> => {
  if (request.method !== 'POST')
    return replyWith(404, { __type: 'com.amazon.coral.service#UnknownOperationException' });
  const body = await readBody(request, largestRequestBytes);
  if (body === 'too-large')
    return replyWith(413, { __type: 'com.amazon.coral.service#RequestEntityTooLargeException' });
  return answer(port, request.headers, body);
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => void server.close((error) => (error ? reject(error) : resolve())));

const openStore = (path: string | undefined): Server =>
  dynalite({ ...(path !== undefined && { path }), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

const serveFront = (port: number, storePort: number): Promise<LoopbackServer> =>
  serveHttp((request, response) => {
    receive(request, storePort).then(
      ({ status, headers, body }) => {
        response.writeHead(status, { ...headers, 'content-length': body.length, connection: 'keep-alive' }).end(body);
      },
      // Only a client that has gone leaves a request unanswered.
      () => response.destroy(),
    );
  }, port);

/** DynamoDB by dynalite, kept on disk under `path`, else in memory, behind a front that adds the one PartiQL statement that the ledger needs. */
export const createLocalDynamoDb = ({ path }: { readonly path?: string } = {}): LocalDynamoDb => {
  let running: AsyncDisposableStack | undefined;
  return {
    listen: async (port = 0) => {
      if (running !== undefined) throw new Error('This local DynamoDB listens already: close it first');
      await using starting = new AsyncDisposableStack();
      if (path !== undefined) {
        await mkdir(path, { recursive: true });
        starting.defer(await claimFolder(path));
      }
      const store = openStore(path);
      const storePort = await listenOnLoopback(store, 0);
      starting.defer(() => closed(store));
      const front = await serveFront(port, storePort);
      starting.defer(() => front.close());
      running = starting.move();
      return { url: `http://${host}:${front.port}` };
    },
    close: async () => {
      const stopping = running;
      running = undefined;
      await stopping?.disposeAsync();
    },
  };
};
