import type { Logger as SlackLogger, WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Messenger, MessengerResult } from '../../app/ports/messenger.ts';
import type { ReplyTo } from '../../app/queue/message.ts';
import type { Message, MessengerFailure, Posted } from '../../messages/message.ts';
import { codeFailure, retryAfterFailure } from './web-api-failure.ts';

const requestTimeoutMs = 5000;
const historyPageSize = 200;
const slackHooksOrigin = 'https://hooks.slack.com';

const spentCodes = new Set(['used_url', 'expired_url']);

const hookAnswerSchema = z.object({ ok: z.boolean().optional(), error: z.string().optional() });

const failed = (failure: MessengerFailure): { readonly ok: false; readonly failure: MessengerFailure } => ({
  ok: false,
  failure,
});
const succeeded = <Value>(value: Value): MessengerResult<Value> => ({ ok: true, value });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a failed response_url means; `spent` asks for another way to the person. */
const hookFailure = (
  status: number,
  retryAfter: string | null,
  body: string,
): MessengerFailure | 'spent' | undefined => {
  if (status === 429) return retryAfterFailure(retryAfter);
  if (status >= 500) return { kind: 'unreachable', message: `response_url answered ${status}` };
  let answer: z.infer<typeof hookAnswerSchema> = {};
  try {
    const parsed = hookAnswerSchema.safeParse(JSON.parse(body));
    if (parsed.success) answer = parsed.data;
  } catch {
    answer = status === 200 ? {} : { error: body.trim().slice(0, 80) };
  }
  if (status === 404 || status === 410 || spentCodes.has(answer.error ?? '')) return 'spent';
  if (status !== 200 || answer.ok === false) return codeFailure(answer.error || `http_${status}`);
  return undefined;
};

/** The client writes to the console by default; what matters comes back as a value. */
const silentLogger = (level: ReturnType<SlackLogger['getLevel']>): SlackLogger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => level,
  setName: () => undefined,
});

/**
 * Messenger over Slack's Web API, and over a response_url where a request carried one. Nothing is retried here: a post may have landed although its
 * answer was lost, and only the caller knows how to look. Throws only what `botToken` throws.
 */
export const createWebApiMessenger = (options: {
  readonly botToken: () => Promise<string>;
  readonly slackApiUrl: string;
}): Messenger => {
  const apiUrl = options.slackApiUrl.endsWith('/') ? options.slackApiUrl : `${options.slackApiUrl}/`;
  const hookOrigins = new Set([slackHooksOrigin, new URL(apiUrl).origin]);
  let ownBotId: string | undefined;

  const call = async <Value>(
    method: (client: WebClient) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<MessengerResult<Value>> => {
    const [sdk, token] = await Promise.all([import('@slack/web-api'), options.botToken()]);
    const client = new sdk.WebClient(token, {
      slackApiUrl: apiUrl,
      allowAbsoluteUrls: false,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: requestTimeoutMs,
      logger: silentLogger(sdk.LogLevel.ERROR),
      fetch: (url, init) =>
        fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }),
    });
    try {
      return succeeded(await method(client));
    } catch (error) {
      if (error instanceof sdk.WebAPIRateLimitedError)
        return failed({ kind: 'rate-limited', retryAfterSeconds: Math.max(1, error.retryAfter) });
      if (error instanceof sdk.WebAPIPlatformError) return failed(codeFailure(error.data.error));
      if (error instanceof sdk.WebAPIHTTPError)
        return failed({ kind: 'unreachable', message: `Slack answered HTTP ${error.statusCode}` });
      return failed({ kind: 'unreachable', message: messageOf(error) });
    }
  };

  const respond = async (
    url: string,
    message: Message,
    replaceOriginal: boolean,
    inChannel: boolean,
    signal: AbortSignal,
  ) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({
          text: message.text,
          blocks: message.blocks,
          response_type: inChannel ? 'in_channel' : 'ephemeral',
          replace_original: replaceOriginal,
        }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      return hookFailure(response.status, response.headers.get('retry-after'), await response.text());
    } catch (error) {
      return { kind: 'unreachable', message: messageOf(error) } as const;
    }
  };

  /** A response_url that leads elsewhere is no answer to the person but a way out of the network. */
  const trustedHook = (url: string | undefined): string | undefined =>
    url !== undefined && URL.canParse(url) && hookOrigins.has(new URL(url).origin) ? url : undefined;

  const content = (message: Message) => ({
    text: message.text,
    blocks: [...message.blocks],
    unfurl_links: false,
    unfurl_media: false,
  });

  /** chat.postEphemeral takes no person in a channel's place; a direct message, which chat.postMessage makes of it, nobody else sees anyway. */
  const speak = async (
    to: ReplyTo,
    message: Message,
    inChannel: boolean,
    signal: AbortSignal,
  ): Promise<MessengerResult<null>> => {
    const result = await call(
      (client) =>
        inChannel || to.channelId === to.userId
          ? client.chat.postMessage({ channel: to.channelId, ...content(message) })
          : client.chat.postEphemeral({ channel: to.channelId, user: to.userId, ...content(message) }),
      signal,
    );
    return result.ok ? succeeded(null) : result;
  };

  const posted = async (channelId: string, ts: string, signal: AbortSignal): Promise<Posted> => {
    const link = await call((client) => client.chat.getPermalink({ channel: channelId, message_ts: ts }), signal);
    return { channelId, ts, permalink: link.ok ? (link.value.permalink ?? null) : null };
  };

  const postedBy = async (
    channelId: string,
    method: (client: WebClient) => Promise<{ readonly channel?: string; readonly ts?: string }>,
    signal: AbortSignal,
  ): Promise<MessengerResult<Posted>> => {
    const result = await call(method, signal);
    if (!result.ok) return result;
    const { channel, ts } = result.value;
    if (ts === undefined) return failed({ kind: 'unreachable', message: 'chat.postMessage answered without ts' });
    return succeeded(await posted(channel ?? channelId, ts, signal));
  };

  /** Anyone may write the same metadata, so a post counts only when this very bot wrote it. */
  const botId = async (signal: AbortSignal): Promise<MessengerResult<string>> => {
    if (ownBotId !== undefined) return succeeded(ownBotId);
    const result = await call((client) => client.auth.test(), signal);
    if (!result.ok) return result;
    if (result.value.bot_id === undefined) return failed({ kind: 'refused', code: 'not_a_bot_token' });
    ownBotId = result.value.bot_id;
    return succeeded(ownBotId);
  };

  return {
    reply: async (to, message, { replaceOriginal, inChannel }, signal) => {
      const hook = trustedHook(to.responseUrl);
      const failure = hook === undefined ? 'spent' : await respond(hook, message, replaceOriginal, inChannel, signal);
      if (failure === undefined) return succeeded(null);
      return failure === 'spent' ? speak(to, message, inChannel, signal) : failed(failure);
    },

    post: (channelId, message, metadata, signal) =>
      postedBy(
        channelId,
        (client) => client.chat.postMessage({ channel: channelId, ...content(message), metadata }),
        signal,
      ),

    postInThread: ({ channelId, ts, broadcast }, message, metadata, signal) => {
      const reply = { channel: channelId, thread_ts: ts, ...content(message), metadata };
      return postedBy(
        channelId,
        (client) => client.chat.postMessage(broadcast ? { ...reply, reply_broadcast: true } : reply),
        signal,
      );
    },

    edit: async (channelId, ts, message, signal) => {
      const { text, blocks } = content(message);
      const result = await call((client) => client.chat.update({ channel: channelId, ts, text, blocks }), signal);
      return result.ok ? succeeded(null) : result;
    },

    findPost: async (channelId, key, value, oldest, signal) => {
      const since = String(Date.parse(oldest) / 1000);
      let cursor: string | undefined;
      do {
        const next = cursor;
        const page = await call(
          (client) =>
            client.conversations.history({
              channel: channelId,
              oldest: since,
              inclusive: true,
              include_all_metadata: true,
              limit: historyPageSize,
              ...(next === undefined ? {} : { cursor: next }),
            }),
          signal,
        );
        if (!page.ok) return page;
        for (const message of page.value.messages ?? []) {
          const payload: Record<string, unknown> = message.metadata?.event_payload ?? {};
          if (payload[key] !== value || message.ts === undefined) continue;
          const own = await botId(signal);
          if (!own.ok) return own;
          if (message.bot_id === own.value) return succeeded(await posted(channelId, message.ts, signal));
        }
        cursor = page.value.response_metadata?.next_cursor || undefined;
      } while (cursor !== undefined);
      return succeeded(undefined);
    },

    publishHome: async (userId, blocks, signal) => {
      const result = await call(
        (client) => client.views.publish({ user_id: userId, view: { type: 'home', blocks: [...blocks] } }),
        signal,
      );
      return result.ok ? succeeded(null) : result;
    },
  };
};
