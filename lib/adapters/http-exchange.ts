import http from 'node:http';
import https from 'node:https';

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Absent: a connection for this request alone. */
  readonly agent?: http.Agent;
};

export type HttpAnswer = { readonly status: number; readonly body: string };

/** In bytes: what is asked here is answered in a few KB. */
const largestAnswer = 1_000_000;

/**
 * One request and its whole answer, whatever its status. Not by fetch: its first use in a process takes as long as half of the front's cold start.
 * Rejects when there is no answer, and when the signal is aborted.
 */
export const httpExchange = (
  url: URL,
  { method, headers, body, agent }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, { method, headers, agent: agent ?? false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let octets = 0;
      response.on('data', (chunk: Buffer) => {
        octets += chunk.length;
        if (octets > largestAnswer) sent.destroy(new Error(`the answer is larger than ${largestAnswer} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** Keeps connections for the requests to come. */
export const keepAliveAgent = (url: URL): http.Agent =>
  new (url.protocol === 'https:' ? https : http).Agent({ keepAlive: true });
