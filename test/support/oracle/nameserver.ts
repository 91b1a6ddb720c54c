import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerQuestion, type NameserverMode, type Zone } from './dns-answer.ts';
import { encodeBareFormErr, encodeReply, readQuestion } from './dns-wire.ts';

/** A scripted nameserver, UDP and TCP on one port. */
export type Nameserver = AsyncDisposable & {
  /** `udp AAAA mail.oracle.test`, in order of arrival. */
  readonly asked: readonly string[];
};

export type NameserverOptions = {
  readonly ip: string;
  readonly port: number;
  readonly mode: NameserverMode;
  readonly zone: Zone;
};

type Answerer = (query: Buffer, transport: 'udp' | 'tcp') => Promise<Buffer | undefined>;

const tcpIdleMs = 10_000;

/** Splits a stream into messages by their length prefix (RFC 1035 §4.2.2) and answers one after the other; no answer ends the connection. */
const serveTcp = async (socket: Socket, answer: Answerer): Promise<void> => {
  let received = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const reply = await answer(received.subarray(2, end), 'tcp');
      if (reply === undefined) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
      received = received.subarray(end);
    }
  }
};

const bindUdp = async (ip: string, port: number): Promise<UdpSocket> => {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, ip);
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
};

/** Starts a nameserver; rejects with EADDRINUSE when the port is taken. */
export const startNameserver = async ({ ip, port, mode, zone }: NameserverOptions): Promise<Nameserver> => {
  const asked: string[] = [];
  const stop = new AbortController();
  const answer: Answerer = async (query, transport) => {
    const question = readQuestion(query);
    if (!('name' in question)) return encodeBareFormErr(question.id);
    asked.push(`${transport} ${question.type} ${question.name}`);
    const { delaySeconds, message } = answerQuestion(zone, mode, question, transport);
    if (delaySeconds > 0) await sleep(delaySeconds * 1000, undefined, { signal: stop.signal }).catch(() => {});
    return message === undefined || stop.signal.aborted ? undefined : encodeReply(question, message);
  };

  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.setTimeout(tcpIdleMs, () => socket.destroy());
    // A client that leaves in the middle is its own affair.
    void serveTcp(socket, answer).catch(() => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  const udp = await bindUdp(ip, port);
  udp.on('message', (query, from) => {
    void answer(query, 'udp').then((reply) => {
      if (reply !== undefined) udp.send(reply, from.port, from.address);
    });
  });
  try {
    tcp.listen(port, ip);
    await once(tcp, 'listening');
  } catch (error) {
    udp.close();
    throw error;
  }
  return {
    asked,
    async [Symbol.asyncDispose]() {
      stop.abort();
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(resolve)),
        new Promise((resolve) => tcp.close(resolve)),
      ]);
    },
  };
};
