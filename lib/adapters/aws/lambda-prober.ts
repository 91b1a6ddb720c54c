import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { BatchProber, ProbeFailure, ProbeRequest, ProbeResult, Prober } from '../../core/probe-report/report.ts';
import { probeResultSchema } from '../../core/probe-report/report-schema.ts';
import { createLambdaInvoke } from './lambda-invoke.ts';

/** Beyond the request's own deadline: starting the function, and the way there and back. */
const overheadMs = 10_000;

const failed = (kind: ProbeFailure['kind'], message: string): ProbeResult => ({
  ok: false,
  failure: { kind, message },
});

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

/**
 * Makes the prober that runs as a Lambda function, in the VPC of Postal. It never rejects: throttling is `busy`, silence `timeout`, and what
 * is out of order `unavailable`, each with a sentence for a person.
 */
export const createLambdaProber = (functionName: string, client?: LambdaClient): Prober & BatchProber => {
  const call = createLambdaInvoke(
    { functionName, subject: 'The prober', caller: 'The worker', again: 'Check again in a minute.' },
    client,
  );

  const invoke = async (payload: unknown, deadlineMs: number, signal: AbortSignal): Promise<Answer> => {
    const answer = await call(payload, deadlineMs + overheadMs, signal);
    if (!answer.ok) return answer;
    return Array.isArray(answer.payload) ? answer.payload.map(resultOf) : resultOf(answer.payload);
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
