import type { Messenger, MessengerResult } from '../../app/ports/messenger.ts';
import type { Metrics } from '../metrics.ts';

/** A messenger that counts what Slack did not take. */
export const meteredMessenger = (messenger: Messenger, metrics: Metrics): Messenger => {
  const counted =
    <Args extends readonly unknown[], Value>(method: (...args: Args) => Promise<MessengerResult<Value>>) =>
    async (...args: Args): Promise<MessengerResult<Value>> => {
      const result = await method(...args);
      if (!result.ok) metrics.record({ SlackFailures: 1 });
      return result;
    };
  return {
    reply: counted(messenger.reply),
    post: counted(messenger.post),
    postInThread: counted(messenger.postInThread),
    edit: counted(messenger.edit),
    findPost: counted(messenger.findPost),
    publishHome: counted(messenger.publishHome),
  };
};
