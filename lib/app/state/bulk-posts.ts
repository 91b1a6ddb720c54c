import * as z from 'zod';
import type { StateStore } from '../ports/state-store.ts';

/**
 * Posts about a bulk: the requests for approval, by channel, and the message that shows how far it is. Scratch: one that is lost from here is posted again, or
 * keeps its buttons, which are refused when pressed.
 */
const schema = z.object({
  channelId: z.string(),
  /** ISO 8601: since when a post is tried. */
  since: z.string(),
  ts: z.string().optional(),
  /** Of the file with the list; null where Slack did not take it. */
  fileLink: z.string().nullable().optional(),
});
export type BulkPost = z.output<typeof schema>;

const posts = 'bulk-posts';
const keptSeconds = 7 * 86_400;

/** What a post is for: `progress`, or the channel in which somebody is asked for approval. */
const keyOf = (bulkId: string, what: string): string => `${bulkId} ${what}`;

export const bulkPost = async (
  state: StateStore,
  bulkId: string,
  what: string,
  signal: AbortSignal,
): Promise<BulkPost | undefined> => schema.safeParse((await state.get(posts, keyOf(bulkId, what), signal))?.value).data;

export const saveBulkPost = async (
  state: StateStore,
  bulkId: string,
  what: string,
  post: BulkPost,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const value = JSON.parse(JSON.stringify(post));
  const expiresAt = Math.floor(nowMs / 1000) + keptSeconds;
  await state.put({ collection: posts, key: keyOf(bulkId, what), value, expiresAt }, false, signal);
};
