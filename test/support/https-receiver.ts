import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** A receiver of webhooks on loopback. `answer` is asked for every request, which is kept before that; it answers 202 unless told otherwise. */
export const openHttpsReceiver = async (tls: { readonly key: string; readonly cert: string }) => {
  const received: Received[] = [];
  const over: { answer: (response: ServerResponse, request: Received) => void } = {
    answer: (response) => void response.writeHead(202).end(),
  };
  const server = createServer(tls, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const kept = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(kept);
      over.answer(response, kept);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received,
    over,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
