import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { ip, port, released } = workerData as {
  readonly ip: string;
  readonly port: number;
  readonly released: Int32Array;
};

const server = createServer();
server.on('error', (error) => parentPort?.postMessage({ error }));
server.listen({ host: ip, port, backlog: 1 }, () => {
  parentPort?.postMessage('listening');
  // Node accepts whatever comes as soon as it looks: so it does not get to look.
  Atomics.wait(released, 0, 0);
  server.close();
});
