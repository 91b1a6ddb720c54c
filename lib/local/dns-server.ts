import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { answerMessage } from './dns-message.ts';
import { isPortTaken } from './loopback-server.ts';
import type { ZonesView } from './route53/hosted-zones.ts';

const host = '127.0.0.1';
/** How often a port that is free for UDP is sought that is free for TCP, too. */
const bindAttempts = 20;
const tcpIdleMs = 30_000;

export type DnsServerOptions = { readonly zones: ZonesView };

/** A DNS server on loopback that answers from the zones, over UDP and TCP on one port. */
export interface DnsServer {
  /** Listens on 127.0.0.1; port 0, the default, lets the system choose. */
  listen(port?: number): Promise<{ readonly address: string; readonly port: number }>;
  close(): Promise<void>;
}

const bindUdp = async (
  port: number,
  onMessage: (socket: UdpSocket, message: Buffer, fromPort: number, fromAddress: string) => void,
) => {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => onMessage(socket, message, from.port, from.address));
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', () => {});
  return socket;
};

const listenTcp = async (port: number, onConnection: (socket: Socket) => void): Promise<Server> => {
  const server = createServer(onConnection);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
};

/** Answers each length-prefixed message of a connection (RFC 1035 §4.2.2), however its octets arrive. */
const serveConnection = (socket: Socket, answer: (message: Buffer) => Buffer | undefined): void => {
  let received = Buffer.alloc(0);
  socket.setTimeout(tcpIdleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2) {
      const end = 2 + received.readUInt16BE(0);
      if (received.length < end) return;
      const reply = answer(received.subarray(2, end));
      received = received.subarray(end);
      if (reply === undefined) return void socket.destroy();
      const prefix = Buffer.alloc(2);
      prefix.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([prefix, reply]));
    }
  });
};

/** Makes a DNS server over a view of zones; it reads the view afresh for every question. */
export const createDnsServer = ({ zones }: DnsServerOptions): DnsServer => {
  let udp: UdpSocket | undefined;
  let tcp: Server | undefined;
  const connections = new Set<Socket>();

  const onMessage = (socket: UdpSocket, message: Buffer, port: number, address: string): void => {
    const reply = answerMessage(zones.served(), message, 'udp');
    if (reply !== undefined) socket.send(reply, port, address);
  };

  const onConnection = (socket: Socket): void => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serveConnection(socket, (message) => answerMessage(zones.served(), message, 'tcp'));
  };

  const listen = async (
    port: number,
    attemptsLeft: number,
  ): Promise<{ readonly address: string; readonly port: number }> => {
    const socket = await bindUdp(port, onMessage);
    const bound = socket.address().port;
    try {
      tcp = await listenTcp(bound, onConnection);
    } catch (error) {
      socket.close();
      if (port === 0 && attemptsLeft > 1 && isPortTaken(error)) return listen(0, attemptsLeft - 1);
      throw error;
    }
    udp = socket;
    return { address: host, port: bound };
  };

  return {
    listen: (port = 0) => listen(port, bindAttempts),
    close: async () => {
      const [socket, server] = [udp, tcp];
      udp = undefined;
      tcp = undefined;
      for (const connection of connections) connection.destroy();
      if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
      if (socket !== undefined) await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
};
