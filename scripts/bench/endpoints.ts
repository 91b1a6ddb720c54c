import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';

const started = z.object({ dnsPort: z.number(), silentPort: z.number() });
const blocked = z.object({ fullPort: z.number() });

/** Ports on loopback: a nameserver that gives every name 127.0.0.1, but never answers for `unanswered-…`, and two sorts of hanging mail servers. */
export type Endpoints = AsyncDisposable & {
  readonly dnsPort: number;
  /** Accepts, and says nothing. */
  readonly silentPort: number;
  /** Does not accept, and its queue is full. */
  readonly fullPort: number;
};

/** Starts them in threads of their own. */
export const startEndpoints = async (): Promise<Endpoints> => {
  const file = new URL('./endpoints-thread.ts', import.meta.url);
  const workers = [new Worker(file, { workerData: 'answering' }), new Worker(file, { workerData: 'full' })] as const;
  const [[answering], [full]] = await Promise.all([once(workers[0], 'message'), once(workers[1], 'message')]);
  return {
    ...started.parse(answering),
    ...blocked.parse(full),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
