import { fork } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Invocation } from '../../../lib/local/lambda/invocation.ts';
import type { LambdaFunction, LambdaFunctionOptions } from '../../../lib/local/lambda/lambda-function.ts';
import type { FromFunction, ToFunction } from './function-messages.ts';

/** A function on this machine whose environments are threads of a process of its own. */
export const inAnotherProcess = ({ log, module, ...options }: LambdaFunctionOptions): LambdaFunction => {
  const child = fork(new URL('function-process.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (invocation: Invocation | undefined) => void>();
  const gone: Invocation = {
    kind: 'failed',
    payload: '{"errorType":"Runtime.ExitError","errorMessage":"the process of the function has ended"}',
  };
  let lastId = 0;

  const tell = (message: ToFunction): void => void child.send(message);
  const ask = (question: (id: number) => ToFunction): Promise<Invocation | undefined> => {
    if (!child.connected) return Promise.resolve(gone);
    lastId += 1;
    const { promise, resolve } = Promise.withResolvers<Invocation | undefined>();
    waiting.set(lastId, resolve);
    tell(question(lastId));
    return promise;
  };

  child.on('message', (message: FromFunction) => {
    if (message.kind === 'log') return log(message.functionName, message.line);
    waiting.get(message.id)?.(message.invocation);
    waiting.delete(message.id);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const answer of waiting.values()) answer(gone);
      resolve();
    });
  });

  tell({
    kind: 'start',
    options: { ...options, module: typeof module === 'string' ? pathToFileURL(module).href : module.href },
  });
  return {
    name: options.name,
    invoke: async (event) => (await ask((id) => ({ kind: 'invoke', id, event }))) ?? gone,
    warm: async () => void (await ask((id) => ({ kind: 'warm', id }))),
    kill: async () => void (await ask((id) => ({ kind: 'kill', id }))),
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};
