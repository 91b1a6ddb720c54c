import { createServer, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { listenOnLoopback } from '../loopback-server.ts';

/** A listener of a sample. */
export interface SampleListener {
  readonly port: number;
  close(): Promise<void>;
}

/** An SMTP server that takes every message and drops it. */
export const startMailSink = async (
  address: string,
  port: number,
  options: SMTPServerOptions,
): Promise<SampleListener> => {
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    closeTimeout: 200,
    socketTimeout: 60_000,
    onData: (stream, _session, callback) => {
      stream.on('end', () => callback(null, 'Dropped: this is a sample server')).resume();
    },
    ...options,
    disabledCommands: ['AUTH', ...(options.disabledCommands ?? [])],
  });
  // A client that leaves in the middle of a handshake is its own business.
  server.on('error', () => undefined);
  const listening = await listenOnLoopback(server.server, port, address);
  return { port: listening, close: () => new Promise((resolve) => server.close(resolve)) };
};

/** A TCP listener that treats connections as it is told to, and knows nothing of SMTP. */
export const startRawListener = async (
  address: string,
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<SampleListener> => {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket
      .on('close', () => open.delete(socket))
      .on('error', () => socket.destroy())
      .resume();
    onConnection(socket);
  });
  const listening = await listenOnLoopback(server, port, address);
  return {
    port: listening,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
};
