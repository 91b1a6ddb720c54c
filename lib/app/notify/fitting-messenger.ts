import { viewBudget } from '../../core/limits/limits.ts';
import { fitBlocks, fitMessage, shorterForms } from '../../messages/block-kit/fit.ts';
import { type Message, refusesContent } from '../../messages/message.ts';
import type { Messenger, MessengerResult } from '../ports/messenger.ts';
import { auditEventType } from '../verify/audit-post.ts';

const firstTaken = async <Value>(
  message: Message,
  say: (message: Message) => Promise<MessengerResult<Value>>,
): Promise<MessengerResult<Value>> => {
  let result = await say(fitMessage(message));
  // Of a picture that Slack does not have, whoever sent it knows a plainer form.
  if (message.blocks.some(({ type }) => type === 'image')) return result;
  for (const shorter of shorterForms(message)) {
    if (result.ok || !refusesContent(result.failure)) return result;
    result = await say(shorter);
  }
  return result;
};

/**
 * A messenger that says everything within Slack's limits, and shorter where Slack refuses it for its size all the same, down to text alone. An announcement in
 * the audit channel is sent as it is: its text is vouched for by the ledger, and the announcer shortens it itself.
 */
export const fittingMessenger = (messenger: Messenger): Messenger => ({
  ...messenger,
  reply: (to, message, options, signal) =>
    firstTaken(message, (fitting) => messenger.reply(to, fitting, options, signal)),
  post: (channelId, message, metadata, signal) =>
    metadata.event_type === auditEventType
      ? messenger.post(channelId, message, metadata, signal)
      : firstTaken(message, (fitting) => messenger.post(channelId, fitting, metadata, signal)),
  postInThread: (thread, message, metadata, signal) =>
    firstTaken(message, (fitting) => messenger.postInThread(thread, fitting, metadata, signal)),
  edit: (channelId, ts, message, signal) =>
    firstTaken(message, (fitting) => messenger.edit(channelId, ts, fitting, signal)),
  publishHome: async (userId, blocks, signal) => {
    for (const share of [1, 2, 8]) {
      const budget = { characters: viewBudget.characters / share, blocks: Math.floor(viewBudget.blocks / share) };
      const published = await messenger.publishHome(userId, fitBlocks(blocks, budget), signal);
      if (published.ok || !refusesContent(published.failure) || share === 8) return published;
    }
    return messenger.publishHome(userId, [], signal);
  },
});
