import * as z from 'zod/mini';
import type { MessengerFailure } from '../../messages/message.ts';
import type { WebApiCall } from './web-api-call.ts';

const pageSize = 200;

const metadataSchema = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });
const messageSchema = z.object({
  ts: z.string().check(z.regex(/^\d+\.\d+$/)),
  text: z._default(z.string(), ''),
  bot_id: z.optional(z.string()),
  edited: z.optional(z.unknown()),
  // Metadata of another form was not written by this app.
  metadata: z.pipe(
    z.optional(z.unknown()),
    z.transform((metadata) => metadataSchema.safeParse(metadata).data),
  ),
});
const pageSchema = z.object({
  messages: z.array(messageSchema),
  response_metadata: z.optional(z.object({ next_cursor: z.optional(z.string()) })),
});

/** A message as `conversations.history` and `conversations.replies` give it. */
export type HistoryMessage = z.infer<typeof messageSchema>;

/**
 * A channel's messages from `oldest` (a Slack timestamp, itself included) on, the newest first, a page at a time; of a thread, the oldest first. Needs the scope `channels:history`, for
 * private channels `groups:history`. Returns why it ended before the last page.
 */
export const channelHistory = async function* (
  call: WebApiCall,
  { channelId: channel, threadTs: ts }: { readonly channelId: string; readonly threadTs?: string },
  oldest: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly HistoryMessage[], MessengerFailure | undefined> {
  let cursor: string | undefined;
  do {
    const asked = { channel, ts, oldest, cursor, limit: pageSize, inclusive: true, include_all_metadata: true };
    const page = await call(
      ts === undefined ? 'conversations.history' : 'conversations.replies',
      asked,
      pageSchema,
      signal,
    );
    if (!page.ok) return page.failure;
    yield page.value.messages;
    cursor = page.value.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return undefined;
};
