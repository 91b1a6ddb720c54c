import { isDirect } from '../store/conversation.ts';
import { type Method, messageJson, refuse } from './method.ts';
import { channelOf } from './methods-chat.ts';

const defaultPage = 100;
const largestPage = 999;

export const authTest: Method = (_args, { workspace: { team, bot }, pageUrl }) => ({
  ok: true,
  url: `${pageUrl()}/`,
  team: team.name,
  user: bot.name,
  team_id: team.id,
  user_id: bot.userId,
  bot_id: bot.botId,
  is_enterprise_install: false,
});

/** Newest first, older pages by cursor; ephemeral messages are nobody's history, and what is in threads is asked for apart. */
export const conversationsHistory: Method = (args, context) => messagesOf(args, context, undefined);

/** A post and what is in the thread under it, the oldest first. */
export const conversationsReplies: Method = (args, context) => {
  const threadTs = args.text('ts');
  return threadTs === undefined ? refuse('thread_not_found') : messagesOf(args, context, threadTs);
};

const messagesOf = (...[args, context, threadTs]: [...Parameters<Method>, string | undefined]): ReturnType<Method> => {
  const channel = channelOf(args, context);
  if (channel === undefined) return refuse('channel_not_found');
  // Direct messages are read with a scope of their own, which this app does not ask for.
  if (isDirect(channel)) return refuse('missing_scope');
  if (!channel.botIsMember) return refuse('not_in_channel');
  const oldest = args.number('oldest') ?? 0;
  const latest = args.number('latest') ?? Number.POSITIVE_INFINITY;
  const inclusive = args.flag('inclusive');
  const limit = Math.min(Math.max(args.number('limit') ?? defaultPage, 1), largestPage);
  const cursor = args.text('cursor');
  const isThread = threadTs !== undefined;
  const reached =
    cursor === undefined || cursor === ''
      ? isThread
        ? 0
        : Number.POSITIVE_INFINITY
      : Number(Buffer.from(cursor, 'base64').toString().replace(/^ts:/, ''));
  if (Number.isNaN(reached)) return refuse('invalid_cursor');
  const fits = (ts: number): boolean =>
    (isThread ? ts > reached : ts < reached) && (inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest);
  const all = context.store
    .messages(channel.id)
    .filter(
      (message) =>
        message.visibleTo === undefined &&
        (isThread
          ? message.ts === threadTs || message.threadTs === threadTs
          : message.threadTs === undefined || message.isBroadcast === true) &&
        fits(Number(message.ts)),
    );
  const page = isThread ? all.slice(0, limit) : all.slice(-limit).reverse();
  const hasMore = all.length > page.length;
  const metadata = args.flag('include_all_metadata');
  return {
    ok: true,
    messages: page.map((message) => ({
      ...messageJson(message, context.workspace),
      ...(metadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
    })),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? Buffer.from(`ts:${page.at(-1)?.ts}`).toString('base64') : '' },
  };
};

export const usergroupsUsersList: Method = (args, { workspace: { userGroups } }) => {
  const group = userGroups.find(({ id }) => id === args.text('usergroup'));
  return group === undefined ? refuse('no_such_subteam') : { ok: true, users: group.users };
};
