import type { Witness, WitnessPost } from '../../app/ports/witness.ts';
import type { Clock } from '../../core/base/clock.ts';
import { ownBotId } from './auth-test.ts';
import { channelHistory, type HistoryMessage } from './channel-history.ts';
import { createWebApiCall, type WebApiAccess, waitingWhenLimited } from './web-api-call.ts';

const postOf = ({ ts, text, bot_id, edited, metadata }: HistoryMessage, botId: string): WitnessPost => ({
  ts,
  text,
  edited: edited !== undefined && edited !== null,
  byThisApp: bot_id === botId,
  metadata: metadata && { eventType: metadata.event_type, payload: metadata.event_payload },
});

/** The witness over `conversations.history`. A rate limit is waited for, since reading again does no harm. Throws only what `botToken` throws. */
export const createWebApiWitness = (options: WebApiAccess & { readonly clock: Pick<Clock, 'sleep'> }): Witness => {
  const call = waitingWhenLimited(createWebApiCall(options), options.clock);
  return {
    posts: async (channelId, oldest, signal) => {
      const bot = await ownBotId(call, signal);
      if (!bot.ok) return bot;
      const posts: WitnessPost[] = [];
      const pages = channelHistory(call, { channelId }, oldest, signal);
      let page = await pages.next();
      for (; page.done !== true; page = await pages.next())
        posts.push(...page.value.map((message) => postOf(message, bot.value)));
      if (page.value !== undefined) return { ok: false, failure: page.value };
      return { ok: true, value: posts.sort((one, other) => Number(one.ts) - Number(other.ts)) };
    },
  };
};
