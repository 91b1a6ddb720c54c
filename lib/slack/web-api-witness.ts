import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { MessengerFailure, MessengerResult } from './messenger.ts';
import type { Witness, WitnessPost } from './witness.ts';

const requestTimeoutMs = 10_000;
const pageSize = 200;
/** A longer wait is the caller's to decide on. */
const longestWaitSeconds = 30;
const waitsAtMost = 5;

const botSchema = z.object({ ok: z.literal(true), bot_id: z.string() });
const refusalSchema = z.object({ ok: z.literal(false), error: z.string() });
const metadataSchema = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });
const historySchema = z.object({
  ok: z.literal(true),
  messages: z.array(
    z.object({
      ts: z.string().regex(/^\d+\.\d+$/),
      text: z.string().default(''),
      bot_id: z.string().optional(),
      edited: z.unknown().optional(),
      // Of another form, it is not metadata that this app wrote.
      metadata: metadataSchema.optional().catch(undefined),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Message = z.output<typeof historySchema>['messages'][number];

const failed = (failure: MessengerFailure): { readonly ok: false; readonly failure: MessengerFailure } => ({ ok: false, failure });
const unreachable = (message: string) => failed({ kind: 'unreachable', message });

const postOf = ({ ts, text, bot_id, edited, metadata }: Message, ownBotId: string): WitnessPost => ({
  ts,
  text,
  edited: edited !== undefined && edited !== null,
  byThisApp: bot_id === ownBotId,
  metadata: metadata && { eventType: metadata.event_type, payload: metadata.event_payload },
});

/**
 * The witness over `conversations.history`, which wants the scope `channels:history`, for private channels `groups:history`. A "not now" of up to 30 s is
 * waited for, as reading again does no harm. Throws only what `botToken` throws.
 */
export const createWebApiWitness = (options: {
  readonly botToken: () => Promise<string>;
  readonly slackApiUrl: string;
  readonly clock: Pick<Clock, 'sleep'>;
}): Witness => {
  const { botToken, slackApiUrl, clock } = options;
  const base = slackApiUrl.endsWith('/') ? slackApiUrl : `${slackApiUrl}/`;

  const once = async <Answer>(
    method: string,
    args: Readonly<Record<string, string>>,
    schema: z.ZodType<Answer>,
    token: string,
    signal: AbortSignal,
  ): Promise<MessengerResult<Answer>> => {
    try {
      const response = await fetch(new URL(method, base), {
        method: 'POST',
        redirect: 'error',
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams(args),
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      if (response.status === 429) {
        const retryAfterSeconds = Math.max(1, Number.parseInt(response.headers.get('retry-after') ?? '', 10) || 1);
        return failed({ kind: 'rate-limited', retryAfterSeconds });
      }
      if (!response.ok) return unreachable(`Slack answered HTTP ${response.status}`);
      const body: unknown = await response.json();
      const refusal = refusalSchema.safeParse(body);
      if (refusal.success) return failed({ kind: 'refused', code: refusal.data.error });
      const answer = schema.safeParse(body);
      return answer.success ? { ok: true, value: answer.data } : unreachable(`Slack answered ${method} in another form`);
    } catch (error) {
      return unreachable(error instanceof Error ? error.message : String(error));
    }
  };

  const call = async <Answer>(
    method: string,
    args: Readonly<Record<string, string>>,
    schema: z.ZodType<Answer>,
    token: string,
    signal: AbortSignal,
  ) => {
    for (let waits = 0; ; waits += 1) {
      const result = await once(method, args, schema, token, signal);
      if (result.ok || result.failure.kind !== 'rate-limited') return result;
      if (waits >= waitsAtMost || result.failure.retryAfterSeconds > longestWaitSeconds) return result;
      try {
        await clock.sleep(result.failure.retryAfterSeconds * 1000, signal);
      } catch {
        return result;
      }
    }
  };

  return {
    posts: async (channelId, oldest, signal) => {
      const token = await botToken();
      const bot = await call('auth.test', {}, botSchema, token, signal);
      if (!bot.ok) return bot;
      const posts: WitnessPost[] = [];
      const args = {
        channel: channelId,
        limit: String(pageSize),
        include_all_metadata: 'true',
        inclusive: 'true',
        ...(oldest === undefined ? {} : { oldest }),
      };
      let cursor = '';
      do {
        const page = await call('conversations.history', cursor === '' ? args : { ...args, cursor }, historySchema, token, signal);
        if (!page.ok) return page;
        posts.push(...page.value.messages.map((message) => postOf(message, bot.value.bot_id)));
        cursor = page.value.response_metadata?.next_cursor ?? '';
      } while (cursor !== '');
      return { ok: true, value: posts.sort((one, other) => Number(one.ts) - Number(other.ts)) };
    },
  };
};
