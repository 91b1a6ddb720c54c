import { createLambdaFunction, type LambdaFunction } from '../../../lib/local/lambda/lambda-function.ts';
import type { FromFunction, ToFunction } from './function-messages.ts';

// Entry of a process that runs one function for another process.

const say = (message: FromFunction): void => void process.send?.(message);

let lambda: LambdaFunction | undefined;

const obey = async (message: ToFunction): Promise<void> => {
  switch (message.kind) {
    case 'start':
      lambda = createLambdaFunction({
        ...message.options,
        module: new URL(message.options.module),
        log: (functionName, line) => say({ kind: 'log', functionName, line }),
      });
      return;
    case 'invoke': {
      const invocation = await lambda?.invoke(message.event);
      return say({ kind: 'done', id: message.id, ...(invocation && { invocation }) });
    }
    case 'warm':
      await lambda?.warm();
      return say({ kind: 'done', id: message.id });
    case 'kill':
      await lambda?.kill();
      return say({ kind: 'done', id: message.id });
  }
};

process.on('message', (message: ToFunction) => void obey(message));
process.on('disconnect', () => process.exit());
