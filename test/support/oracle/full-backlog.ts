import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Connections that fill the queue of one listener; Linux queues one more than the backlog says. */
const fillers = 8;
const queued = 2;

/** An address on which connecting never ends: a listener that accepts nothing, its queue full, so that the system drops each SYN. */
export const startFullBacklog = async (ip: string, port: number): Promise<AsyncDisposable> => {
  const released = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL('full-backlog-thread.ts', import.meta.url), { workerData: { ip, port, released } });
  const sockets: Socket[] = [];
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    Atomics.store(released, 0, 1);
    Atomics.notify(released, 0);
    await thread.terminate();
  };
  const [message] = (await once(thread, 'message')) as ['listening' | { readonly error: Error }];
  if (message !== 'listening') {
    await stop();
    throw message.error;
  }
  let connected = 0;
  await new Promise<void>((resolve) => {
    for (let count = 0; count < fillers; count += 1) {
      const socket = connect({ host: ip, port });
      socket.on('error', () => {});
      socket.on('connect', () => {
        connected += 1;
        if (connected === queued) resolve();
      });
      sockets.push(socket);
    }
  });
  return { [Symbol.asyncDispose]: stop };
};
