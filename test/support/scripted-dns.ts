import { createSocket, type RemoteInfo } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import type { Answer, DecodedPacket, Question } from 'dns-packet';
import * as dnsPacket from 'dns-packet';

/** What a nameserver does with a question; undefined: nothing. Bytes go out as they are; `end`: by TCP it ends the connection. */
export type DnsReply =
  | {
      readonly rcode?: number;
      readonly answers?: readonly Answer[];
      readonly authorities?: readonly Answer[];
      readonly truncated?: boolean;
      readonly id?: number;
      readonly question?: Question;
    }
  | Buffer;

export type DnsScript = (
  question: Question & { readonly transport: 'udp' | 'tcp'; readonly count: number; readonly id: number },
) => readonly DnsReply[] | DnsReply | 'end' | undefined;

export type ScriptedDns = AsyncDisposable & {
  readonly nameserver: { readonly address: string; readonly port: number };
  /** `udp AAAA mail.example.test`, in order of arrival. */
  readonly asked: readonly string[];
};

const encodeReply = (query: DecodedPacket, question: Question, reply: DnsReply): Buffer => {
  if (Buffer.isBuffer(reply)) return reply;
  return dnsPacket.encode({
    type: 'response',
    id: reply.id ?? query.id ?? 0,
    flags: dnsPacket.RECURSION_AVAILABLE | (reply.rcode ?? 0) | (reply.truncated ? dnsPacket.TRUNCATED_RESPONSE : 0),
    questions: [reply.question ?? question],
    answers: [...(reply.answers ?? [])],
    authorities: [...(reply.authorities ?? [])],
  });
};

/** A nameserver on loopback, UDP and TCP on one port, that answers by a script. */
export const startDns = async (script: DnsScript): Promise<ScriptedDns> => {
  const asked: string[] = [];
  const repliesTo = (message: Buffer, transport: 'udp' | 'tcp'): readonly Buffer[] | 'end' => {
    const query = dnsPacket.decode(message);
    const question = query.questions?.[0];
    if (question === undefined) return [];
    asked.push(`${transport} ${question.type} ${question.name}`);
    const reply = script({ ...question, transport, count: asked.length, id: query.id ?? 0 });
    if (reply === undefined) return [];
    if (reply === 'end') return 'end';
    return (Array.isArray(reply) ? (reply as readonly DnsReply[]) : [reply as DnsReply]).map((one) =>
      encodeReply(query, question, one),
    );
  };

  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.once('data', (chunk: Buffer) => {
      const replies = repliesTo(chunk.subarray(2), 'tcp');
      if (replies === 'end') socket.end();
      else
        for (const reply of replies) {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(length);
          socket.write(reply);
        }
    });
  });
  await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(0, '127.0.0.1', resolve));
  const bound = tcp.address();
  if (bound === null || typeof bound === 'string') throw new Error('The scripted nameserver has no port');
  const udp = createSocket('udp4');
  udp.on('message', (message: Buffer, from: RemoteInfo) => {
    const replies = repliesTo(message, 'udp');
    for (const reply of replies === 'end' ? [] : replies) udp.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(bound.port, '127.0.0.1', resolve));
  return {
    nameserver: { address: '127.0.0.1', port: bound.port },
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
};

/** Address record. */
export const addressRecord = (name: string, data: string, ttl = 60): Answer => ({
  type: data.includes(':') ? 'AAAA' : 'A',
  name,
  ttl,
  class: 'IN',
  data,
});

export const cnameRecord = (name: string, data: string, ttl = 60): Answer => ({
  type: 'CNAME',
  name,
  ttl,
  class: 'IN',
  data,
});

/** A start of authority, whose TTL and minimum bound the life of a "no". */
export const soaRecord = (name: string, ttl: number, minimum: number): Answer => ({
  type: 'SOA',
  name,
  ttl,
  class: 'IN',
  data: { mname: `ns.${name}`, rname: `root.${name}`, serial: 1, refresh: 60, retry: 60, expire: 60, minimum },
});

/** A script that answers from a list of records, without following CNAMEs. */
export const zone =
  (records: readonly Answer[]): DnsScript =>
  ({ name, type }) => ({
    answers: records.filter((record) => record.name === name && (record.type === type || record.type === 'CNAME')),
  });
