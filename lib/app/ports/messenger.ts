import type { KnownBlock, MessageMetadata } from '@slack/types';
import type { Message, MessengerFailure, Posted, Thread } from '../../messages/message.ts';
import type { ReplyTo } from '../queue/message.ts';

export type MessengerResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: MessengerFailure };

/** Port to Slack, for whoever has something to say. */
export interface Messenger {
  /**
   * Answers the person who asked, visibly to them alone, unless `inChannel`: by the response_url; where that fails, in the channel; where that fails too, or
   * there is no channel but the person's own id, by a direct message. What Slack refuses for its content, or only for now, is tried no other way.
   */
  reply(
    to: ReplyTo,
    message: Message,
    options: { readonly replaceOriginal: boolean; readonly inChannel: boolean },
    signal: AbortSignal,
  ): Promise<MessengerResult<null>>;
  /** Posts to a channel, once, with metadata by which the post can be found again. */
  post(
    channelId: string,
    message: Message,
    metadata: MessageMetadata,
    signal: AbortSignal,
  ): Promise<MessengerResult<Posted>>;
  /** Posts into the thread under a post, once. */
  postInThread(
    thread: Thread,
    message: Message,
    metadata: MessageMetadata,
    signal: AbortSignal,
  ): Promise<MessengerResult<Posted>>;
  /** Replaces a post of this app. Audit messages are never edited. */
  edit(channelId: string, ts: string, message: Message, signal: AbortSignal): Promise<MessengerResult<null>>;
  /** The newest post of this app in the channel, or in the thread under a post of it, not older than `oldest` (ISO 8601), whose metadata payload has this value under `key`. */
  findPost(
    place: { readonly channelId: string; readonly threadTs?: string },
    key: string,
    value: string,
    oldest: string,
    signal: AbortSignal,
  ): Promise<MessengerResult<Posted | undefined>>;
  /** Publishes a user's App Home. */
  publishHome(userId: string, blocks: readonly KnownBlock[], signal: AbortSignal): Promise<MessengerResult<null>>;
}
