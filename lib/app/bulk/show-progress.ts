import type { Deadline } from '../../core/base/deadline.ts';
import { isSlackId } from '../../core/base/slack-ids.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { bulkOutcomeMessage, bulkProgressMessage } from '../../messages/bulk/outcome-message.ts';
import type { Message } from '../../messages/message.ts';
import { postOnce } from '../notify/post-once.ts';
import { pressableBy } from '../notify/pressable.ts';
import { retrySlack } from '../notify/retry-slack.ts';
import type { Ports } from '../ports/ports.ts';
import { type BulkPost, bulkPost, saveBulkPost } from '../state/bulk-posts.ts';

/** Slack takes about one message a second of a channel, and others have something to say there. */
const editEveryMs = 3_000;
const what = 'progress';
const progressEventType = 'postal_endpoint_bulk';

/** The channel of the command, in which everybody sees how far it is. Audit messages stand alone there: in the audit channel only the requester hears. */
export const progressChannel = ({ policy }: Pick<Ports, 'policy'>, { actor }: BulkState): string | undefined =>
  isSlackId('channel', actor.channelId) && actor.channelId !== policy.auditChannel ? actor.channelId : undefined;

/** The message in the command's channel, posted where there is none yet; undefined where Slack does not take it there. */
const postOf = async (
  ports: Ports,
  bulk: BulkState,
  message: Message,
  deadline: Deadline,
): Promise<BulkPost | undefined> => {
  const channelId = progressChannel(ports, bulk);
  if (channelId === undefined) return undefined;
  const known = await bulkPost(ports.state, bulk.bulkId, what, deadline.signal);
  if (known?.ts !== undefined) return known;
  const save = (post: BulkPost) =>
    saveBulkPost(ports.state, bulk.bulkId, what, post, ports.clock.now(), deadline.signal);
  const posted = await postOnce(
    ports,
    {
      channelId,
      id: { key: 'bulk_id', value: bulk.bulkId },
      earlier: known && { channelId, since: known.since },
      compose: async () => ({ message, eventType: progressEventType }),
      begin: (since) => save({ channelId, since }),
    },
    deadline,
  );
  if (!posted.ok) {
    ports.log.warn('the progress of a bulk could not be shown', { bulkId: bulk.bulkId, failure: posted.failure });
    return undefined;
  }
  const post = { channelId: posted.value.channelId, since: known?.since ?? '', ts: posted.value.ts };
  await save(post);
  return post;
};

/** Shows people how far a bulk is; what Slack does not take on the way is let go. */
export type BulkProgress = { show(bulk: BulkState): Promise<void> };

/** One message in the command's channel that fills in, at most every three seconds. */
export const bulkProgress = (ports: Ports, deadline: Deadline): BulkProgress => {
  let nextAtMs = 0;
  return {
    show: async (bulk) => {
      if (ports.clock.now() < nextAtMs) return;
      nextAtMs = ports.clock.now() + editEveryMs;
      const message = bulkProgressMessage(bulk);
      const known = await bulkPost(ports.state, bulk.bulkId, what, deadline.signal);
      if (known?.ts === undefined) return void (await postOf(ports, bulk, message, deadline));
      const edited = await ports.messenger.edit(known.channelId, known.ts, message, deadline.signal);
      if (!edited.ok)
        ports.log.warn('the progress of a bulk could not be shown', { bulkId: bulk.bulkId, failure: edited.failure });
    },
  };
};

/** Puts what happened to a bulk in the place of its progress; where there is no such message, only the requester is notified. */
export const showBulkOutcome = async (ports: Ports, bulk: BulkState, deadline: Deadline): Promise<void> => {
  const { signal } = deadline;
  const whole = bulkOutcomeMessage(bulk, 1);
  const message = { ...whole, blocks: await pressableBy(ports, bulk.actor, whole.blocks, undefined, signal) };
  const post = bulk.state === 'closed' ? await postOf(ports, bulk, message, deadline) : undefined;
  const { ts } = post ?? {};
  if (post !== undefined && ts !== undefined) {
    const edited = await retrySlack(ports, deadline, true, () =>
      ports.messenger.edit(post.channelId, ts, message, signal),
    );
    if (edited.ok) return;
  }
  const { channelId, userId } = bulk.actor;
  const told = await retrySlack(ports, deadline, true, () =>
    ports.messenger.reply({ channelId, userId }, message, { replaceOriginal: false, inChannel: false }, signal),
  );
  if (!told.ok)
    ports.log.warn('the requester of a bulk could not be notified', { bulkId: bulk.bulkId, failure: told.failure });
};
