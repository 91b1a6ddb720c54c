import type { InvokeCommandOutput, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { BatchProber, ProbeFailure, ProbeRequest, ProbeResult, Prober } from '../../core/probe-report/report.ts';
import { probeResultSchema } from '../../core/probe-report/report-schema.ts';
import { stopwatch } from '../smtp/stopwatch.ts';

/** Beyond the request's own deadline: starting the function, and the way there and back. */
const overheadMs = 10_000;
/** No invocation lasts longer than a worker; a connection that hangs must not outlive it. */
const longestMs = 75_000;

const failed = (kind: ProbeFailure['kind'], message: string): ProbeResult => ({
  ok: false,
  failure: { kind, message },
});

const timedOut = (afterMs: number): ProbeResult =>
  failed(
    'timeout',
    `The prober did not answer within ${Math.round(afterMs / 1000)} s. Nothing was found out; check again in a minute.`,
  );

const functionErrorSchema = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

const parseJson = (payload: Uint8Array | undefined): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
};

/** The function ran, and broke: Lambda reports that with status 200, the error in the payload. */
const functionFailed = (payload: unknown): ProbeResult => {
  const { errorType = '', errorMessage = 'no reason given' } = functionErrorSchema.safeParse(payload).data ?? {};
  const isTimeout = errorType === 'Sandbox.Timedout' || errorMessage.includes('Task timed out');
  const message = `The prober broke off: ${errorMessage}. Nothing was found out; its log says more.`;
  return failed(isTimeout ? 'timeout' : 'unavailable', message);
};

/** One result a request, or the one that stands for all of them. */
type Answer = readonly ProbeResult[] | ProbeResult;

/** Each result of many is read by itself: one that is not understood takes no other with it. */
const resultOf = (payload: unknown): ProbeResult => {
  const parsed = probeResultSchema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'its whole';
  return failed(
    'unavailable',
    `The prober's answer was not understood (${where}): worker and prober may be of different versions. Deploy both.`,
  );
};

const answerOf = ({ FunctionError, Payload }: InvokeCommandOutput): Answer => {
  const payload = parseJson(Payload);
  if (FunctionError !== undefined) return functionFailed(payload);
  return Array.isArray(payload) ? payload.map(resultOf) : resultOf(payload);
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

const refused = (error: LambdaServiceException, functionName: string): ProbeResult => {
  if (busyErrors.has(error.name)) return failed('busy', `The prober is busy (${error.name}). Check again in a minute.`);
  if (error.name === 'ResourceNotFoundException')
    return failed('unavailable', `There is no prober: Lambda knows no function ${functionName}. Deploy it.`);
  if (deniedErrors.has(error.name))
    return failed(
      'unavailable',
      `The worker may not invoke the prober (${error.name}). Its role needs lambda:InvokeFunction.`,
    );
  return failed(
    'unavailable',
    `Lambda could not run the prober (${error.name}: ${error.message}). Check again in a minute.`,
  );
};

/** The SDK calls a reset connection a TimeoutError as well, so that it would be tried again. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || error.name === 'AbortError') &&
  !('code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE'));

type Sdk = typeof import('@aws-sdk/client-lambda');

/** A client that asks once: a probe that is repeated unasked would knock at the server twice. */
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

/**
 * Makes the prober that runs as a Lambda function, in the VPC of Postal. It never rejects: throttling is `busy`, silence `timeout`, and what
 * is out of order `unavailable`, each with a sentence for a person. The endpoint is the SDK's own matter (`AWS_ENDPOINT_URL_LAMBDA`). The SDK is
 * loaded with the first probe.
 */
export const createLambdaProber = (functionName: string, client?: LambdaClient): Prober & BatchProber => {
  let loading: Promise<{ readonly sdk: Sdk; readonly lambda: LambdaClient }> | undefined;

  const load = () => {
    loading ??= import('@aws-sdk/client-lambda').then((sdk) => ({ sdk, lambda: client ?? defaultClient(sdk) }));
    return loading;
  };

  const invoke = async (payload: unknown, deadlineMs: number, signal: AbortSignal): Promise<Answer> => {
    const elapsedMs = stopwatch();
    const budgetMs = Math.min(deadlineMs + overheadMs, longestMs);
    const { sdk, lambda } = await load();
    const command = new sdk.InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(payload),
    });
    try {
      const output = await lambda.send(command, {
        abortSignal: AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]),
      });
      return answerOf(output);
    } catch (error) {
      if (error instanceof sdk.LambdaServiceException) return refused(error, functionName);
      if (isTimeout(error)) return timedOut(elapsedMs());
      const cause = error instanceof Error ? error.message || error.name : String(error);
      return failed('unavailable', `Lambda could not be reached (${cause}). Check again in a minute.`);
    }
  };
  const missing = failed(
    'unavailable',
    'The prober left this one out of its answer: caller and prober may be of different versions. Deploy both.',
  );
  return {
    async probe(request: ProbeRequest, signal: AbortSignal) {
      const answer = await invoke(request, request.deadlineMs, signal);
      return 'ok' in answer ? answer : (answer[0] ?? missing);
    },

    async probeMany(requests: readonly ProbeRequest[], signal: AbortSignal) {
      const deadlineMs = Math.max(0, ...requests.map((request) => request.deadlineMs));
      const answer = await invoke({ batch: requests }, deadlineMs, signal);
      if ('ok' in answer) return requests.map(() => (answer.ok ? missing : answer));
      return requests.map((_, index) => answer[index] ?? missing);
    },
  };
};
