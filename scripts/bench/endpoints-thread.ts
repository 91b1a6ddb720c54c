import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

// What the probers of a bench talk to besides Postfix, in a thread of its own so that it takes little of theirs.

const listen = (backlog: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => void socket.on('error', () => {}));
    server.once('error', reject).listen({ host: '127.0.0.1', port: 0, backlog }, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
  });

/** A record `A 127.0.0.1` for the name at octet 12, the question's, with a TTL of 60 s. */
const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);

/** The query with QR and RA set and one answer; no question here is for anything but an A record, or has anything behind it. */
const answerTo = (query: Buffer): Buffer => {
  const answer = Buffer.concat([query, record]);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  return answer;
};

const startDns = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('message', (query, from) => {
      if (!query.includes('unanswered-', 13, 'latin1')) socket.send(answerTo(query), from.port, from.address);
    });
    socket.once('error', reject).bind(0, '127.0.0.1', () => resolve(socket.address().port));
  });

if (workerData === 'full') {
  parentPort?.postMessage({ fullPort: await listen(1) });
  // A thread that stands still accepts no one: the kernel takes two connections, and lets every further one hang.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
} else parentPort?.postMessage({ dnsPort: await startDns(), silentPort: await listen(511) });
