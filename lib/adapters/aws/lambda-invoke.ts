import type { LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { stopwatch } from '../smtp/stopwatch.ts';

/** No invocation lasts longer than a worker; a connection that hangs must not outlive it. */
const longestMs = 75_000;

/** Why an invocation gave nothing: `busy`, silence or what is out of order. `message` is for a person. */
export type InvocationFailure = { readonly kind: 'busy' | 'timeout' | 'unavailable'; readonly message: string };

/** What the function returned, parsed; undefined where that is not JSON. */
export type Invocation =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly failure: InvocationFailure };

/** How a function is called in sentences. */
export type InvokedFunction = {
  readonly functionName: string;
  /** `The prober`. */
  readonly subject: string;
  /** `The worker`. */
  readonly caller: string;
  /** What is said where trying again may help. */
  readonly again: string;
};

const failed = (kind: InvocationFailure['kind'], message: string): Invocation => ({
  ok: false,
  failure: { kind, message },
});

const functionErrorSchema = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

const parseJson = (payload: Uint8Array | undefined): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
};

/** The function ran, and broke: Lambda reports that with status 200, the error in the payload. */
const functionFailed = ({ subject }: InvokedFunction, payload: unknown): Invocation => {
  const { errorType = '', errorMessage = 'no reason given' } = functionErrorSchema.safeParse(payload).data ?? {};
  const isTimeout = errorType === 'Sandbox.Timedout' || errorMessage.includes('Task timed out');
  const message = `${subject} stopped: ${errorMessage}. It returned nothing; its log says more.`;
  return failed(isTimeout ? 'timeout' : 'unavailable', message);
};

const busyErrors = new Set([
  'TooManyRequestsException',
  'EC2ThrottledException',
  'ENILimitReachedException',
  'ResourceNotReadyException',
]);
const deniedErrors = new Set([
  'AccessDeniedException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
]);

const refused = (
  error: LambdaServiceException,
  { functionName, subject, caller, again }: InvokedFunction,
): Invocation => {
  const it = subject.replace(/^The /, 'the ');
  if (busyErrors.has(error.name)) return failed('busy', `${subject} is busy (${error.name}). ${again}`);
  if (error.name === 'ResourceNotFoundException')
    return failed(
      'unavailable',
      `There is no ${it.replace(/^the /, '')}: Lambda knows no function ${functionName}. Deploy it.`,
    );
  if (deniedErrors.has(error.name))
    return failed(
      'unavailable',
      `${caller} may not invoke ${it} (${error.name}). Its role needs lambda:InvokeFunction.`,
    );
  return failed('unavailable', `Lambda could not run ${it} (${error.name}: ${error.message}). ${again}`);
};

/** The SDK calls a reset connection a TimeoutError as well, so that it would be tried again. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || error.name === 'AbortError') &&
  !('code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE'));

type Sdk = typeof import('@aws-sdk/client-lambda');

/** A client that asks once: what is repeated unasked would knock at a mail server twice. */
const defaultClient = (sdk: Sdk): LambdaClient =>
  new sdk.LambdaClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout: longestMs,
      socketTimeout: longestMs,
      throwOnRequestTimeout: true,
    },
  });

/** Invokes one function and waits for its answer. Never rejects. */
export type Invoke = (payload: unknown, budgetMs: number, signal: AbortSignal) => Promise<Invocation>;

/** Makes the way to a function. The endpoint is the SDK's own matter (`AWS_ENDPOINT_URL_LAMBDA`). The SDK is loaded with the first call. */
export const createLambdaInvoke = (invoked: InvokedFunction, client?: LambdaClient): Invoke => {
  let loading: Promise<{ readonly sdk: Sdk; readonly lambda: LambdaClient }> | undefined;

  const load = () => {
    loading ??= import('@aws-sdk/client-lambda').then((sdk) => ({ sdk, lambda: client ?? defaultClient(sdk) }));
    return loading;
  };

  return async (payload, wantedMs, signal) => {
    const elapsedMs = stopwatch();
    const budgetMs = Math.min(wantedMs, longestMs);
    const { sdk, lambda } = await load();
    const command = new sdk.InvokeCommand({
      FunctionName: invoked.functionName,
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(payload),
    });
    try {
      const output = await lambda.send(command, {
        abortSignal: AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]),
      });
      const answer = parseJson(output.Payload);
      return output.FunctionError === undefined ? { ok: true, payload: answer } : functionFailed(invoked, answer);
    } catch (error) {
      if (error instanceof sdk.LambdaServiceException) return refused(error, invoked);
      if (isTimeout(error))
        return failed(
          'timeout',
          `${invoked.subject} did not answer within ${Math.round(elapsedMs() / 1000)} s. It returned nothing; ${invoked.again.replace(/^./, (first) => first.toLowerCase())}`,
        );
      const cause = error instanceof Error ? error.message || error.name : String(error);
      return failed('unavailable', `Lambda could not be reached (${cause}). ${invoked.again}`);
    }
  };
};
