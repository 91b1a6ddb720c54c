import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './enumerate.ts';
import { everyScenario } from './every-scenario.ts';

/** Lets workers die at every call of every scenario, over sockets, in so many threads; `report` hears of each scenario when it is through. */
export const overSockets = async (threads: number, report: (deaths: readonly Outcome[]) => void): Promise<void> => {
  const left = [...everyScenario.keys()];
  const run = async (): Promise<void> => {
    const worker = new Worker(new URL('./socket-thread.ts', import.meta.url));
    const ended = once(worker, 'exit');
    for (;;) {
      const [deaths]: (readonly Outcome[] | null)[] = await once(worker, 'message');
      if (deaths) report(deaths);
      const next = left.shift();
      worker.postMessage(next ?? null);
      if (next === undefined) break;
    }
    await ended;
  };
  await Promise.all(Array.from({ length: threads }, run));
};
