import type { MessageMetadata } from '@slack/types';
import type { Messenger, MessengerResult } from '../../lib/app/ports/messenger.ts';
import type { ReplyTo } from '../../lib/app/queue/message.ts';
import { checkView } from '../../lib/local/slack/blocks/view-rules.ts';
import { readContent } from '../../lib/local/slack/web-api/message-content.ts';
import type { Message, MessengerFailure, Posted } from '../../lib/messages/message.ts';

type Post = Posted & { readonly message: Message; readonly metadata: MessageMetadata; readonly at: string };
type Reply = {
  readonly to: ReplyTo;
  readonly message: Message;
  readonly replaceOriginal: boolean;
  readonly inChannel: boolean;
};
type ThreadReply = {
  readonly channelId: string;
  readonly threadTs: string;
  readonly broadcast: boolean;
  readonly message: Message;
  readonly metadata: MessageMetadata;
};
type Trouble = MessengerFailure | 'lost-answer';

/** A Slack in memory that holds every message to the local Slack's limits. `trouble` is met by the next posts, one each. */
export interface MemoryMessenger extends Messenger {
  readonly posts: readonly Post[];
  readonly threadReplies: readonly ThreadReply[];
  readonly replies: readonly Reply[];
  readonly homes: ReadonlyMap<string, readonly unknown[]>;
  readonly trouble: Trouble[];
  readonly replyTrouble: MessengerFailure[];
}

const refused = (code: string): { ok: false; failure: MessengerFailure } => ({
  ok: false,
  failure: { kind: 'refused', code },
});

/** Makes one in which the bot is a member of `channels`. */
export const createMemoryMessenger = (now: () => number, channels: readonly string[]): MemoryMessenger => {
  const posts: Post[] = [];
  const replied: ThreadReply[] = [];
  const replies: Reply[] = [];
  const homes = new Map<string, readonly unknown[]>();
  const trouble: Trouble[] = [];
  const replyTrouble: MessengerFailure[] = [];

  const check = (message: Message, metadata?: MessageMetadata): MessengerResult<null> => {
    let serial = 0;
    const read = readContent(
      { text: message.text, blocks: structuredClone(message.blocks), blocksGiven: true, metadata },
      (prefix) => `${prefix}${++serial}`,
    );
    return read.ok ? { ok: true, value: null } : refused(JSON.stringify(read.failure));
  };

  return {
    posts,
    threadReplies: replied,
    replies,
    homes,
    trouble,
    replyTrouble,
    reply: async (to, message, { replaceOriginal, inChannel }) => {
      const met = replyTrouble.shift();
      if (met !== undefined) return { ok: false, failure: met };
      const checked = check(message);
      if (checked.ok) replies.push({ to, message, replaceOriginal, inChannel });
      return checked;
    },
    post: async (channelId, message, metadata) => {
      const met = trouble.shift();
      if (met !== undefined && met !== 'lost-answer') return { ok: false, failure: met };
      if (!channels.includes(channelId)) return refused('not_in_channel');
      const checked = check(message, metadata);
      if (!checked.ok) return checked;
      const ts = `${Math.floor(now() / 1000)}.${String(posts.length).padStart(6, '0')}`;
      const post = {
        channelId,
        ts,
        permalink: `https://local.example/archives/${channelId}/p${ts.replace('.', '')}`,
        message,
        metadata,
        at: new Date(now()).toISOString(),
      };
      posts.push(post);
      if (met === 'lost-answer') return { ok: false, failure: { kind: 'unreachable', message: 'the answer was lost' } };
      return { ok: true, value: { channelId, ts, permalink: post.permalink } };
    },
    postInThread: async ({ channelId, ts: threadTs, broadcast }, message, metadata) => {
      const met = trouble.shift();
      if (met !== undefined && met !== 'lost-answer') return { ok: false, failure: met };
      if (!posts.some((post) => post.channelId === channelId && post.ts === threadTs))
        return refused('thread_not_found');
      const checked = check(message, metadata);
      if (!checked.ok) return checked;
      replied.push({ channelId, threadTs, broadcast, message, metadata });
      if (met === 'lost-answer') return { ok: false, failure: { kind: 'unreachable', message: 'the answer was lost' } };
      return { ok: true, value: { channelId, ts: `${threadTs}${replied.length}`, permalink: null } };
    },
    edit: async (channelId, ts, message) => {
      const index = posts.findIndex((post) => post.channelId === channelId && post.ts === ts);
      const checked = check(message);
      const standing = posts[index];
      if (!checked.ok || standing === undefined) return checked.ok ? refused('message_not_found') : checked;
      posts[index] = { ...standing, message };
      return { ok: true, value: null };
    },
    findPost: async ({ channelId, threadTs }, key, value, oldest) => {
      if (threadTs !== undefined) {
        const reply = replied.findLast(
          (each) => each.threadTs === threadTs && each.metadata.event_payload[key] === value,
        );
        return { ok: true, value: reply && { channelId, ts: `${threadTs}0`, permalink: null } };
      }
      const found = posts.findLast(
        (post) => post.channelId === channelId && post.at >= oldest && post.metadata.event_payload[key] === value,
      );
      return { ok: true, value: found && { channelId, ts: found.ts, permalink: found.permalink } };
    },
    publishHome: async (userId, blocks) => {
      let serial = 0;
      const checked = checkView(
        { type: 'home', blocks: structuredClone(blocks) },
        'home',
        (prefix) => `${prefix}${++serial}`,
      );
      if (!checked.ok) return refused(JSON.stringify(checked.messages));
      homes.set(userId, blocks);
      return { ok: true, value: null };
    },
  };
};
