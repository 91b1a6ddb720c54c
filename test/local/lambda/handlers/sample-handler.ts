import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

type Event = { readonly do?: string; readonly ms?: number; readonly text?: string };
type Context = { readonly awsRequestId: string; readonly functionName: string; getRemainingTimeInMillis(): number };

let invocations = 0;

/** Does what its event asks for: the many ways in which an invocation can go. */
export const handler = async (event: Event, context: Context): Promise<unknown> => {
  invocations += 1;
  switch (event.do) {
    case 'wait':
      await sleep(event.ms ?? 0);
      return { invocations };
    case 'throw':
      throw new TypeError(event.text ?? 'no text');
    case 'exit':
      return process.exit(7);
    case 'crash':
      setImmediate(() => {
        throw new RangeError('outside of the handler');
      });
      return sleep(60_000);
    case 'spin':
      for (;;) invocations += 1;
    case 'log':
      process.stdout.write(`${event.text}\n`);
      return sleep(0);
    case 'env':
      return env;
    case 'big':
      return 'x'.repeat(7_000_000);
    case 'context':
      return { id: context.awsRequestId, name: context.functionName, remainingMs: context.getRemainingTimeInMillis() };
    default:
      return { invocations, event };
  }
};
