import * as z from 'zod/mini';
import type { Clock } from '../../core/base/clock.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import { codeFailure, retryAfterFailure } from './web-api-failure.ts';

const requestTimeoutMs = 10_000;
/** A longer wait is for the caller to decide on. */
const longestWaitSeconds = 30;
const waitsAtMost = 5;

const okSchema = z.object({ ok: z.boolean(), error: z.optional(z.string()) });

/** An answer of Slack's with its headers, or why there is none. */
export type WebApiResult<Answer> =
  | { readonly ok: true; readonly value: Answer; readonly headers: Headers }
  | { readonly ok: false; readonly failure: MessengerFailure };

/**
 * One call of a Web API method. Arguments are sent as a form: texts as they are, everything else as JSON, undefined ones not at all. `schema` is what is
 * read of a good answer. Throws only what the token's source throws.
 */
export type WebApiCall = <Answer>(
  method: string,
  args: Readonly<Record<string, unknown>>,
  schema: z.ZodMiniType<Answer>,
  signal: AbortSignal,
) => Promise<WebApiResult<Answer>>;

/** Where the Web API is, and the token for it. */
export type WebApiAccess = { readonly botToken: () => Promise<string>; readonly slackApiUrl: string };

const unreachable = (message: string) => ({ ok: false, failure: { kind: 'unreachable', message } }) as const;

const formOf = (args: Readonly<Record<string, unknown>>): URLSearchParams => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    if (value !== undefined) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return form;
};

/** Slack's Web API, within `timeoutMs` (10 s by default) a call. Nothing is retried: a call may have taken effect although its answer was lost. */
export const createWebApiCall = (access: WebApiAccess & { readonly timeoutMs?: number }): WebApiCall => {
  const base = access.slackApiUrl.endsWith('/') ? access.slackApiUrl : `${access.slackApiUrl}/`;
  return async (method, args, schema, signal) => {
    const token = await access.botToken();
    try {
      const response = await fetch(new URL(method, base), {
        method: 'POST',
        redirect: 'error',
        headers: { authorization: `Bearer ${token}` },
        body: formOf(args),
        signal: AbortSignal.any([signal, AbortSignal.timeout(access.timeoutMs ?? requestTimeoutMs)]),
      });
      if (response.status === 429)
        return { ok: false, failure: retryAfterFailure(response.headers.get('retry-after')) };
      if (!response.ok) return unreachable(`Slack answered HTTP ${response.status}`);
      const body: unknown = await response.json();
      const { data: answered } = okSchema.safeParse(body);
      if (answered?.ok === false && answered.error) return { ok: false, failure: codeFailure(answered.error) };
      const { data: value } = schema.safeParse(body);
      if (answered?.ok !== true || value === undefined) return unreachable(`Slack answered ${method} in another form`);
      return { ok: true, value, headers: response.headers };
    } catch (error) {
      return unreachable(error instanceof Error ? error.message : String(error));
    }
  };
};

/** Like `call`, but a "not now" of up to 30 s, which means that nothing was done, is waited for up to five times. */
export const waitingWhenLimited =
  (call: WebApiCall, clock: Pick<Clock, 'sleep'>): WebApiCall =>
  async (method, args, schema, signal) => {
    for (let waits = 0; ; waits += 1) {
      const result = await call(method, args, schema, signal);
      if (result.ok || result.failure.kind !== 'rate-limited') return result;
      if (waits >= waitsAtMost || result.failure.retryAfterSeconds > longestWaitSeconds) return result;
      try {
        await clock.sleep(result.failure.retryAfterSeconds * 1000, signal);
      } catch {
        return result;
      }
    }
  };
