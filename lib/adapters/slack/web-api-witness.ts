import * as z from 'zod';
import type { Witness, WitnessPost } from '../../app/ports/witness.ts';
import type { Clock } from '../../core/base/clock.ts';
import { createWebApiCall } from './web-api-call.ts';

const pageSize = 200;

const botSchema = z.object({ ok: z.literal(true), bot_id: z.string() });
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
  const call = createWebApiCall(options);

  return {
    posts: async (channelId, oldest, signal) => {
      const token = await options.botToken();
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
        const page = await call(
          'conversations.history',
          cursor === '' ? args : { ...args, cursor },
          historySchema,
          token,
          signal,
        );
        if (!page.ok) return page;
        posts.push(...page.value.messages.map((message) => postOf(message, bot.value.bot_id)));
        cursor = page.value.response_metadata?.next_cursor ?? '';
      } while (cursor !== '');
      return { ok: true, value: posts.sort((one, other) => Number(one.ts) - Number(other.ts)) };
    },
  };
};
