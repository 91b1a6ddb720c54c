import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import {
  type EnvironmentData,
  type EnvironmentMessage,
  errorPayload,
  type Invocation,
  type InvocationRequest,
} from './invocation.ts';

// Lambda allows 10 s; a busy machine that loads TypeScript sources is granted more.
const initialisationSeconds = 30;

type Ended = Extract<Invocation, { kind: 'returned' | 'failed' }>;

/** One execution environment: a thread with its own modules and environment variables, that runs one invocation at a time. */
export interface Environment {
  /** Resolves once the handler's module is loaded; with the failure when it could not be. */
  readonly initialised: Promise<Ended | 'ready'>;
  invoke(requestId: string, event: string): Promise<Ended>;
  /** Ends the thread at once; a running invocation fails with `Runtime.ExitError`. */
  kill(): Promise<void>;
}

export type EnvironmentOptions = {
  readonly data: EnvironmentData;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly onLine: (line: string) => void;
  /** Called once, when the environment can take no further invocation. */
  readonly onEnd: () => void;
};

const exitPayload = (reason: string): string =>
  JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: ${reason}` });

const timeoutPayload = (requestId: string, seconds: number): string =>
  JSON.stringify({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  });

/** Starts an environment: the cold start. */
export const startEnvironment = (options: EnvironmentOptions): Environment => {
  const worker = new Worker(new URL('environment-thread.ts', import.meta.url), {
    name: options.data.functionName,
    workerData: options.data,
    env: options.variables,
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  const forward = (stream: Readable) => createInterface({ input: stream }).on('line', options.onLine);
  forward(worker.stdout);
  forward(worker.stderr);

  const loading = Promise.withResolvers<Ended | 'ready'>();
  let running: ((ended: Ended) => void) | undefined;
  let lastFailure: Ended | undefined;

  const settle = (ended: Ended): void => {
    running?.(ended);
    running = undefined;
  };
  const end = (payload: string): void => {
    if (lastFailure) return;
    lastFailure = { kind: 'failed', payload };
    clearTimeout(initialisationTimer);
    loading.resolve(lastFailure);
    settle(lastFailure);
    options.onEnd();
  };
  const terminate = async (payload: string): Promise<void> => {
    end(payload);
    await worker.terminate();
  };
  const initialisationTimer = setTimeout(() => {
    void terminate(timeoutPayload('initialisation', initialisationSeconds));
  }, initialisationSeconds * 1000);

  worker.on('message', (message: EnvironmentMessage) => {
    if (message.kind !== 'ready') return settle(message);
    clearTimeout(initialisationTimer);
    loading.resolve('ready');
  });
  worker.on('error', (error) => end(errorPayload(error)));
  worker.on('exit', (code) => end(exitPayload(`exit status ${code}`)));

  return {
    initialised: loading.promise,
    invoke: async (requestId, event) => {
      const loaded = await loading.promise;
      if (loaded !== 'ready') return loaded;
      if (lastFailure) return lastFailure;
      const answer = Promise.withResolvers<Ended>();
      running = answer.resolve;
      const timer = setTimeout(
        () => void terminate(timeoutPayload(requestId, options.timeoutSeconds)),
        options.timeoutSeconds * 1000,
      );
      worker.postMessage({
        requestId,
        event,
        deadlineEpochMs: Date.now() + options.timeoutSeconds * 1000,
      } satisfies InvocationRequest);
      try {
        return await answer.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    kill: () => terminate(exitPayload('signal: killed')),
  };
};
