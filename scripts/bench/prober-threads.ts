import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import type { Candidate, ProberPorts } from './candidates.ts';

const answer = z.object({ id: z.number(), good: z.boolean() });

/** The product's prober in as many threads as there are cores, for its functions run beside each other too, and the exporter uses every core. */
export const startProberThreads = (ports: ProberPorts): AsyncDisposable & { readonly probe: Candidate } => {
  const waiting = new Map<number, (good: boolean) => void>();
  const threads = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./prober-thread.ts', import.meta.url), { workerData: ports }),
  );
  for (const thread of threads) {
    thread.on('message', (message: unknown) => {
      const { id, good } = answer.parse(message);
      waiting.get(id)?.(good);
      waiting.delete(id);
    });
  }
  let nextId = 0;
  return {
    probe: (hostname, port) =>
      new Promise((resolve) => {
        const id = nextId++;
        waiting.set(id, resolve);
        threads[id % threads.length]?.postMessage({ id, hostname, port });
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
};
