import { channelReference } from '../../core/base/slack-ids.ts';
import type { MessengerFailure } from '../../messages/message.ts';

/** Why the audit channel could not be read, and what to do; a sentence or two. */
export const unreadableWhy = (failure: MessengerFailure, channelId: string): string => {
  switch (failure.kind) {
    case 'rate-limited':
      return `Slack asks to wait ${failure.retryAfterSeconds} s before more of the audit channel is read. Try again then.`;
    case 'unreachable':
      return `Slack did not give the messages of the audit channel (${failure.message}). Try again.`;
    case 'refused':
      return failure.code === 'not_in_channel' || failure.code === 'channel_not_found'
        ? `I am not a member of the audit channel ${channelReference(channelId)}. Invite me there with /invite.`
        : `Slack refuses to show me the audit channel ${channelReference(channelId)} (${failure.code}). An administrator has to fix that.`;
  }
};
