import { parentPort, workerData } from 'node:worker_threads';
import { type EnvironmentData, type EnvironmentMessage, errorPayload, type InvocationRequest } from './invocation.ts';

// Entry of the thread that stands for one Lambda execution environment: loads the handler's module once, then runs one invocation a message.

/** Lambda's limit on a synchronous answer: 6 MB and a little, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const responseLimitBytes = 6_291_556;

const { moduleUrl, functionName, functionArn }: EnvironmentData = workerData;

const say = (message: EnvironmentMessage): void => parentPort?.postMessage(message);

const loadHandler = async (): Promise<(event: unknown, context: unknown) => unknown> => {
  const loaded: unknown = await import(moduleUrl);
  if (typeof loaded === 'object' && loaded !== null && 'handler' in loaded && typeof loaded.handler === 'function') {
    const { handler } = loaded;
    return (event, context) => handler(event, context);
  }
  throw Object.assign(new Error(`${moduleUrl} exports no function named handler`), { name: 'Runtime.HandlerNotFound' });
};

const contextOf = (request: InvocationRequest) => ({
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: functionArn,
  memoryLimitInMB: '512',
  awsRequestId: request.requestId,
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, request.deadlineEpochMs - Date.now()),
});

const run = async (
  handler: (event: unknown, context: unknown) => unknown,
  request: InvocationRequest,
): Promise<EnvironmentMessage> => {
  try {
    const payload = JSON.stringify((await handler(JSON.parse(request.event), contextOf(request))) ?? null);
    const bytes = Buffer.byteLength(payload);
    if (bytes <= responseLimitBytes) return { kind: 'returned', payload };
    const tooLarge = new Error(
      `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`,
    );
    return {
      kind: 'failed',
      payload: errorPayload(Object.assign(tooLarge, { name: 'Function.ResponseSizeTooLarge' })),
    };
  } catch (error) {
    return { kind: 'failed', payload: errorPayload(error) };
  }
};

// An error while loading is left to end the thread: the invocation that asked for it gets it, and the next one loads afresh.
const handler = await loadHandler();
parentPort?.on('message', async (request: InvocationRequest) => say(await run(handler, request)));
say({ kind: 'ready' });
