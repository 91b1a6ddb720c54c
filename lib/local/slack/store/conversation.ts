import { isSlackId } from '../../../core/base/slack-ids.ts';
import type { Channel, StoredMessage, User, Workspace } from './workspace.ts';

const directChannelId = (userId: string): string => `D${userId.slice(1)}`;

/** A user's direct messages with the bot, as Slack names them in payloads. */
export const directChannel = (user: User): Channel => ({
  id: directChannelId(user.id),
  name: 'directmessage',
  botIsMember: true,
});

/** The conversation with this id: a channel, or someone's direct messages with the bot. */
export const conversationOf = (
  { channels, users }: Pick<Workspace, 'channels' | 'users'>,
  id: string | undefined,
): Channel | undefined => {
  const user = users.find((candidate) => directChannelId(candidate.id) === id);
  return user === undefined ? channels.find((channel) => channel.id === id) : directChannel(user);
};

/** Whether a conversation is someone's direct messages. */
export const isDirect = ({ id }: Pick<Channel, 'id'>): boolean => isSlackId('directMessage', id);

/** Whether someone may read a conversation: direct messages are for one user alone. */
export const mayRead = (channelId: string, userId: string): boolean =>
  !isDirect({ id: channelId }) || channelId === directChannelId(userId);

/** Whether someone sees a message. */
export const maySee = (message: StoredMessage, userId: string): boolean =>
  mayRead(message.channel, userId) && (message.visibleTo === undefined || message.visibleTo === userId);

/** Where the page shows a message, after the page's own address. */
export const placeOfMessage = (channel: Channel, ts: string): string =>
  isDirect(channel) ? `#/messages/${ts}` : `#${channel.name}/${ts}`;
