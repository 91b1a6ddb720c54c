import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../../lib/local/loopback-server.ts';
import { signingSecret } from './sample-workspace.ts';

export type FrontRequest = {
  readonly path: string;
  readonly contentType: string;
  readonly signatureIsRight: boolean;
  readonly timestampSeconds: number;
  /** A slash command's form, an interactivity payload, or an event. */
  readonly body: Readonly<Record<string, unknown>>;
};

export type FrontReply = {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly never?: true;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const bodyOf = (text: string, contentType: string): Record<string, unknown> => {
  if (contentType.startsWith('application/json')) {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  }
  const form = Object.fromEntries(new URLSearchParams(text));
  const payload: unknown = form['payload'] === undefined ? undefined : JSON.parse(form['payload']);
  return isObject(payload) ? payload : form;
};

/** An app's front of the test's own: checks the signature, keeps what came, answers what `answer` says. */
export const startFront = async (answer: (request: FrontRequest) => FrontReply | Promise<FrontReply>) => {
  const requests: FrontRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const timestamp = String(request.headers['x-slack-request-timestamp']);
    const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${text}`).digest('hex');
    const contentType = request.headers['content-type'] ?? '';
    const received = {
      path: request.url ?? '',
      contentType,
      signatureIsRight: request.headers['x-slack-signature'] === `v0=${signature}`,
      timestampSeconds: Number(timestamp),
      body: bodyOf(text, contentType),
    };
    requests.push(received);
    const reply = await answer(received);
    if (reply.never) return;
    response.writeHead(reply.status ?? 200, {
      'content-type': reply.json === undefined ? 'text/plain' : 'application/json',
    });
    response.end(reply.json === undefined ? (reply.text ?? '') : JSON.stringify(reply.json));
  };
  const server = createServer((request, response) => void handle(request, response));
  const port = await listenOnLoopback(server, 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    requests,
    deliver: () => ({
      commandUrl: `${url}/commands`,
      interactivityUrl: `${url}/interactivity`,
      eventsUrl: `${url}/events`,
    }),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
