import type { MessageMetadata } from '@slack/types';
import * as z from 'zod/mini';
import type { Messenger, MessengerResult } from '../../app/ports/messenger.ts';
import type { ReplyTo } from '../../app/queue/message.ts';
import { type Message, type MessengerFailure, type Posted, refusesContent } from '../../messages/message.ts';
import { ownBotId } from './auth-test.ts';
import { channelHistory } from './channel-history.ts';
import { respond, trustedResponseUrl } from './response-url.ts';
import { createWebApiCall, type WebApiAccess } from './web-api-call.ts';

const timeoutMs = 5000;

const nothing = z.object({});
const postSchema = z.object({ channel: z.optional(z.string()), ts: z.string() });
const permalinkSchema = z.object({ permalink: z.string() });

const failed = (failure: MessengerFailure): { readonly ok: false; readonly failure: MessengerFailure } => ({
  ok: false,
  failure,
});
const succeeded = <Value>(value: Value): MessengerResult<Value> => ({ ok: true, value });

const content = ({ text, blocks }: Message) => ({ text, blocks, unfurl_links: false, unfurl_media: false });

/**
 * Messenger over Slack's Web API, and over a response_url where a request carried one. Nothing is retried here: a post may have landed although its
 * answer was lost, and only the caller knows how to look. Throws only what `botToken` throws.
 */
export const createWebApiMessenger = (access: WebApiAccess): Messenger => {
  const call = createWebApiCall({ ...access, timeoutMs });
  let knownBotId: string | undefined;

  const done = async (
    method: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<MessengerResult<null>> => {
    const result = await call(method, args, nothing, signal);
    return result.ok ? succeeded(null) : result;
  };

  const say = (channel: string, message: Message, signal: AbortSignal) =>
    done('chat.postMessage', { channel, ...content(message) }, signal);
  const whisper = ({ channelId, userId }: ReplyTo, message: Message, signal: AbortSignal) =>
    done('chat.postEphemeral', { channel: channelId, user: userId, ...content(message) }, signal);

  /** The ways to a person, the best first; the last is a direct message, which chat.postMessage makes of a person in a channel's place. */
  const waysTo = (
    to: ReplyTo,
    message: Message,
    options: { readonly replaceOriginal: boolean; readonly inChannel: boolean },
    signal: AbortSignal,
  ): readonly (() => Promise<MessengerResult<null>>)[] => {
    const url = trustedResponseUrl(to.responseUrl, access.slackApiUrl);
    const responding = async (trusted: string): Promise<MessengerResult<null>> => {
      const failure = await respond(trusted, message, options, signal);
      return failure === undefined ? succeeded(null) : failed(failure);
    };
    const { threadTs } = to;
    if (threadTs !== undefined)
      return [
        () => done('chat.postMessage', { channel: to.channelId, thread_ts: threadTs, ...content(message) }, signal),
      ];
    const hasChannel = to.channelId !== to.userId;
    return [
      ...(url === undefined ? [] : [() => responding(url)]),
      ...(hasChannel && options.inChannel ? [() => say(to.channelId, message, signal)] : []),
      ...(hasChannel ? [() => whisper(to, message, signal)] : []),
      () => say(to.userId, message, signal),
    ];
  };

  const posted = async (channelId: string, ts: string, signal: AbortSignal): Promise<Posted> => {
    const link = await call('chat.getPermalink', { channel: channelId, message_ts: ts }, permalinkSchema, signal);
    return { channelId, ts, permalink: link.ok ? link.value.permalink : null };
  };

  const post = async (
    channelId: string,
    message: Message,
    more: { readonly metadata: MessageMetadata; readonly thread_ts?: string; readonly reply_broadcast?: true },
    signal: AbortSignal,
  ): Promise<MessengerResult<Posted>> => {
    const args = { channel: channelId, ...content(message), ...more };
    const result = await call('chat.postMessage', args, postSchema, signal);
    if (!result.ok) return result;
    return succeeded(await posted(result.value.channel ?? channelId, result.value.ts, signal));
  };

  const botId = async (signal: AbortSignal): Promise<MessengerResult<string>> => {
    if (knownBotId !== undefined) return succeeded(knownBotId);
    const own = await ownBotId(call, signal);
    if (own.ok) knownBotId = own.value;
    return own;
  };

  return {
    reply: async (to, message, options, signal) => {
      let last: MessengerResult<null> = failed({ kind: 'unreachable', message: 'no way to the person was tried' });
      for (const way of waysTo(to, message, options, signal)) {
        last = await way();
        if (last.ok || last.failure.kind === 'rate-limited' || refusesContent(last.failure) || signal.aborted) break;
      }
      return last;
    },

    post: (channelId, message, metadata, signal) => post(channelId, message, { metadata }, signal),

    postInThread: ({ channelId, ts, broadcast }, message, metadata, signal) =>
      post(channelId, message, { metadata, thread_ts: ts, ...(broadcast ? { reply_broadcast: true } : {}) }, signal),

    edit: (channelId, ts, { text, blocks }, signal) =>
      done('chat.update', { channel: channelId, ts, text, blocks }, signal),

    findPost: async ({ channelId, threadTs }, key, value, oldest, signal) => {
      const pages = channelHistory(
        call,
        { channelId, ...(threadTs === undefined ? {} : { threadTs }) },
        String(Date.parse(oldest) / 1000),
        signal,
      );
      let page = await pages.next();
      for (; page.done !== true; page = await pages.next()) {
        for (const { ts, bot_id, metadata } of page.value) {
          if (metadata?.event_payload[key] !== value) continue;
          const own = await botId(signal);
          if (!own.ok) return own;
          if (bot_id === own.value) return succeeded(await posted(channelId, ts, signal));
        }
      }
      return page.value === undefined ? succeeded(undefined) : failed(page.value);
    },

    publishHome: (userId, blocks, signal) =>
      done('views.publish', { user_id: userId, view: { type: 'home', blocks } }, signal),
  };
};
