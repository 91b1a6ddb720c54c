import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { addressRecord, startDns } from '../../test/support/scripted-dns.ts';

// What the probers of a bench talk to besides Postfix, in a thread of its own so that it takes nothing of theirs.

const listen = (backlog: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => void socket.on('error', () => {}));
    server.once('error', reject).listen({ host: '127.0.0.1', port: 0, backlog }, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
  });

if (workerData === 'full') {
  parentPort?.postMessage({ fullPort: await listen(1) });
  // A thread that stands still accepts no one: the kernel takes two connections, and lets every further one hang.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
} else {
  const dns = await startDns(({ name, type }) =>
    name.startsWith('unanswered-') ? undefined : { answers: type === 'A' ? [addressRecord(name, '127.0.0.1')] : [] },
  );
  parentPort?.postMessage({ dnsPort: dns.nameserver.port, silentPort: await listen(511) });
}
