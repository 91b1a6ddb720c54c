import * as z from 'zod';
import type { MessengerResult } from '../../app/ports/messenger.ts';
import type { Clock } from '../../core/base/clock.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import { codeFailure, retryAfterFailure } from './web-api-failure.ts';

const requestTimeoutMs = 10_000;
/** A longer wait is the caller's to decide on. */
const longestWaitSeconds = 30;
const waitsAtMost = 5;

const refusalSchema = z.object({ ok: z.literal(false), error: z.string() });

const failed = (failure: MessengerFailure): { readonly ok: false; readonly failure: MessengerFailure } => ({
  ok: false,
  failure,
});
const unreachable = (message: string) => failed({ kind: 'unreachable', message });

/** One call of a Web API method, its arguments as a form; `schema` is what is read of a good answer. */
export type WebApiCall = <Answer>(
  method: string,
  args: Readonly<Record<string, string>>,
  schema: z.ZodType<Answer>,
  token: string,
  signal: AbortSignal,
) => Promise<MessengerResult<Answer>>;

/** The Web API without a client's retries: 10 s a call; only a "not now" of up to 30 s, which means that nothing was done, is waited for. Never throws. */
export const createWebApiCall = (options: {
  readonly slackApiUrl: string;
  readonly clock: Pick<Clock, 'sleep'>;
}): WebApiCall => {
  const base = options.slackApiUrl.endsWith('/') ? options.slackApiUrl : `${options.slackApiUrl}/`;

  const once: WebApiCall = async (method, args, schema, token, signal) => {
    try {
      const response = await fetch(new URL(method, base), {
        method: 'POST',
        redirect: 'error',
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams(args),
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      if (response.status === 429) return failed(retryAfterFailure(response.headers.get('retry-after')));
      if (!response.ok) return unreachable(`Slack answered HTTP ${response.status}`);
      const body: unknown = await response.json();
      const refusal = refusalSchema.safeParse(body);
      if (refusal.success) return failed(codeFailure(refusal.data.error));
      const answer = schema.safeParse(body);
      return answer.success
        ? { ok: true, value: answer.data }
        : unreachable(`Slack answered ${method} in another form`);
    } catch (error) {
      return unreachable(error instanceof Error ? error.message : String(error));
    }
  };

  return async (method, args, schema, token, signal) => {
    for (let waits = 0; ; waits += 1) {
      const result = await once(method, args, schema, token, signal);
      if (result.ok || result.failure.kind !== 'rate-limited') return result;
      if (waits >= waitsAtMost || result.failure.retryAfterSeconds > longestWaitSeconds) return result;
      try {
        await options.clock.sleep(result.failure.retryAfterSeconds * 1000, signal);
      } catch {
        return result;
      }
    }
  };
};
