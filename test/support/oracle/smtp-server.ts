import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Certificates } from './certificates.ts';
import { startFullBacklog } from './full-backlog.ts';
import type { Listener } from './scenario.ts';
import { ServerStream } from './server-stream.ts';
import { type Dialogue, playSmtpSession, type Turns } from './smtp-session.ts';
import { tlsServerContext } from './tls-server-context.ts';

export type SmtpServerOptions = {
  readonly listener: Listener;
  readonly certificates: Certificates;
  /** Where each connection writes what passed, in order of arrival. */
  readonly dialogues: Dialogue[];
};

type OnConnection = (socket: Socket, dialogue: Dialogue) => void;

const listen = async (
  { ip, port }: Listener,
  dialogues: Dialogue[],
  onConnection: OnConnection,
): Promise<AsyncDisposable> => {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const dialogue: Dialogue = { ip, port, lines: [], tls: null, servername: null, messageOver: null };
    dialogues.push(dialogue);
    onConnection(socket, dialogue);
  });
  server.listen(port, ip);
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const startSessions = async ({ listener, certificates, dialogues }: SmtpServerOptions): Promise<AsyncDisposable> => {
  const { smtp: behaviour = {} } = listener;
  const context = behaviour.tls && tlsServerContext(behaviour.tls, certificates);
  const turns: Turns = new Map();
  const stop = new AbortController();
  const server = await listen(listener, dialogues, (socket, dialogue) => {
    void playSmtpSession({ behaviour, stream: new ServerStream(socket, stop.signal), context, turns, dialogue });
  });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** Starts what a scenario has at one address and port; rejects with EADDRINUSE when the port is taken. */
export const startSmtpServer = async (options: SmtpServerOptions): Promise<AsyncDisposable> => {
  const { listener, dialogues } = options;
  const { tcp = 'smtp' } = listener;
  switch (tcp) {
    case 'closed':
      return { [Symbol.asyncDispose]: async () => {} };
    case 'blackhole':
      return startFullBacklog(listener.ip, listener.port);
    case 'accept_close':
      return listen(listener, dialogues, (socket, { lines }) => {
        lines.push('[we_close]');
        socket.destroy();
      });
    case 'accept_rst':
      return listen(listener, dialogues, (socket, { lines }) => {
        lines.push('[we_reset]');
        socket.on('error', () => {});
        // A client in this same process sees its connection stand first, as one does whose server runs elsewhere.
        setImmediate(() => socket.resetAndDestroy());
      });
    case 'smtp':
      return startSessions(options);
  }
};
