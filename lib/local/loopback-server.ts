import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** A listener on loopback. */
export interface LoopbackServer {
  readonly port: number;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/** Listens on a loopback address; port 0 lets the system choose. Rejects when the port is taken. */
export const listenOnLoopback = (server: Server, port: number, address = '127.0.0.1'): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** Whether listening failed because another program uses the port. */
export const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Serves HTTP on 127.0.0.1. */
export const serveHttp = async (listener: RequestListener, port: number): Promise<LoopbackServer> => {
  const server = createServer(listener);
  const listening = await listenOnLoopback(server, port);
  return {
    port: listening,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};

/** The whole body of a request; `too-large` as soon as it passes the limit, the rest being discarded. Rejects when the client goes away. */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Buffer | 'too-large'> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the request would close the connection before the refusal is sent, and so would leaving it unread.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) {
      request.resume();
      return 'too-large';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
