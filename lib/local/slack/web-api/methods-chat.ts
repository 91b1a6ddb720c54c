import { conversationOf, directChannel, mayRead, placeOfMessage } from '../store/conversation.ts';
import type { Channel, StoredMessage } from '../store/workspace.ts';
import { readContent } from './message-content.ts';
import { type Arguments, type Method, type MethodContext, type MethodResult, messageJson, refuse } from './method.ts';

/** Channels go by id, or by name with or without `#`; direct messages by their id. */
export const channelOf = (args: Arguments, { workspace }: MethodContext): Channel | undefined => {
  const given = args.text('channel');
  return (
    conversationOf(workspace, given) ?? workspace.channels.find(({ name }) => given === name || given === `#${name}`)
  );
};

/** A user's id in a channel's place, which chat.postMessage alone takes: it opens their direct messages. */
const directChannelOf = (args: Arguments, { workspace }: MethodContext): Channel | undefined => {
  const user = workspace.users.find(({ id }) => id === args.text('channel'));
  return user && directChannel(user);
};

/** That the bot may write there. */
export const writable = (
  channel: Channel | undefined,
): { readonly channel: Channel } | { readonly failure: MethodResult } => {
  if (channel === undefined) return { failure: refuse('channel_not_found') };
  if (channel.isArchived === true) return { failure: refuse('is_archived') };
  return channel.botIsMember ? { channel } : { failure: refuse('not_in_channel') };
};

const contentOf = (args: Arguments, { store }: MethodContext) =>
  readContent(
    {
      text: args.text('text'),
      blocks: args.json('blocks'),
      blocksGiven: args.text('blocks') !== undefined || args.json('blocks') !== undefined,
      metadata: args.text('metadata') === undefined ? args.json('metadata') : (args.json('metadata') ?? null),
    },
    store.nextId,
    store.hasPicture,
  );

/** A reply to a reply is in the same thread; undefined where there is no such post. */
const threadOf = (
  args: Arguments,
  channel: Channel,
  { store }: MethodContext,
): Pick<StoredMessage, 'threadTs' | 'isBroadcast'> | undefined => {
  const given = args.text('thread_ts');
  if (given === undefined) return {};
  const head = store.find(channel.id, given);
  return head === undefined || head.visibleTo !== undefined
    ? undefined
    : { threadTs: head.threadTs ?? head.ts, ...(args.flag('reply_broadcast') ? { isBroadcast: true } : {}) };
};

export const chatPostMessage: Method = (args, context) => {
  const target = writable(directChannelOf(args, context) ?? channelOf(args, context));
  if ('failure' in target) return target.failure;
  const read = contentOf(args, context);
  if (!read.ok) return read.failure;
  const thread = threadOf(args, target.channel, context);
  if (thread === undefined) return refuse('thread_not_found');
  const retryAfterSeconds = context.postRate(target.channel.id);
  if (retryAfterSeconds > 0) return { retryAfterSeconds };
  const message = context.store.add({
    channel: target.channel.id,
    author: context.workspace.bot.userId,
    ...thread,
    ...read.content,
  });
  return { ok: true, channel: message.channel, ts: message.ts, message: messageJson(message, context.workspace) };
};

export const chatPostEphemeral: Method = (args, context) => {
  const target = writable(channelOf(args, context));
  if ('failure' in target) return target.failure;
  const user = context.workspace.users.find(({ id }) => id === args.text('user'));
  if (user === undefined || !mayRead(target.channel.id, user.id)) return refuse('user_not_in_channel');
  const read = contentOf(args, context);
  if (!read.ok) return read.failure;
  const message = context.store.add({
    channel: target.channel.id,
    author: context.workspace.bot.userId,
    visibleTo: user.id,
    ...read.content,
  });
  return { ok: true, message_ts: message.ts };
};

export const chatUpdate: Method = (args, context) => {
  const channel = channelOf(args, context);
  if (channel === undefined) return refuse('channel_not_found');
  const message = context.store.find(channel.id, args.text('ts') ?? '');
  if (message === undefined || message.visibleTo !== undefined) return refuse('message_not_found');
  if (message.author !== context.workspace.bot.userId) return refuse('cant_update_message');
  const read = contentOf(args, context);
  if (!read.ok) return read.failure;
  const next = context.store.replace(message, read.content);
  return { ok: true, channel: channel.id, ts: next.ts, text: next.text, message: messageJson(next, context.workspace) };
};

export const chatGetPermalink: Method = (args, context) => {
  const channel = channelOf(args, context);
  if (channel === undefined) return refuse('channel_not_found');
  const message = context.store.find(channel.id, args.text('message_ts') ?? '');
  if (message === undefined || message.visibleTo !== undefined) return refuse('message_not_found');
  return { ok: true, channel: channel.id, permalink: `${context.pageUrl()}/${placeOfMessage(channel, message.ts)}` };
};
