import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { postalEndpoint } from './candidates.ts';

// One of the threads over which a bench spreads the product's prober.

const candidate = postalEndpoint(z.object({ dnsPort: z.number(), ports: z.array(z.number()) }).parse(workerData));
const task = z.object({ id: z.number(), hostname: z.string(), port: z.number() });

parentPort?.on('message', (message: unknown) => {
  const { id, hostname, port } = task.parse(message);
  void candidate(hostname, port).then((good) => parentPort?.postMessage({ id, good }));
});
