import type { Deadline } from '../../core/base/deadline.ts';
import { bulkListFile } from '../../core/bulk/bulk-list.ts';
import { type BulkState, missingNeeds } from '../../core/bulk/fold-bulk.ts';
import type { BulkNeed } from '../../core/ledger/bulk-entry.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { People } from '../../core/policy/people.ts';
import { escapeText } from '../../messages/block-kit/blocks.ts';
import { closedBulkMessage, type UnaskedChannel } from '../../messages/bulk/outcome-message.ts';
import { bulkApprovalMessage } from '../../messages/bulk/plan-message.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import { releaseEventType } from '../notify/ask-for-release.ts';
import { postOnce } from '../notify/post-once.ts';
import type { Ports } from '../ports/ports.ts';
import { type BulkPost, bulkPost, saveBulkPost } from '../state/bulk-posts.ts';
import { approversOf } from './bulk-approval.ts';

const together = (people: readonly People[]): People => ({
  users: [...new Set(people.flatMap(({ users = [] }) => users))],
  userGroups: [...new Set(people.flatMap(({ userGroups = [] }) => userGroups))],
});

/** Hands the whole list over in the channel where it is to be approved; resolves to its link, or null where Slack does not take it. */
const handOverList = async (
  { files, log }: Ports,
  bulk: BulkState,
  channelId: string,
  signal: AbortSignal,
): Promise<string | null> => {
  const uploaded = await files.upload(
    {
      name: `bulk-${bulk.bulkId}.jsonl`,
      title: bulk.title,
      bytes: Buffer.from(bulkListFile(bulk.parts.map(({ plan }) => plan)), 'utf8'),
      comment: `The list of bulk ${shortChangeId(bulk.bulkId)}, ${escapeText(bulk.title)}. SHA-256: ${bulk.digest}`,
      destination: channelId,
    },
    signal,
  );
  if (!uploaded.ok)
    log.warn('the list of a bulk could not be handed over', { bulkId: bulk.bulkId, failure: uploaded.failure });
  return uploaded.ok ? uploaded.value.permalink : null;
};

/** Asks in one channel, once; resolves to why Slack did not take it, where it did not. */
const askIn = async (
  ports: Ports,
  bulk: BulkState,
  channelId: string,
  needs: readonly BulkNeed[],
  deadline: Deadline,
): Promise<MessengerFailure | undefined> => {
  const { bulkId } = bulk;
  const { signal } = deadline;
  const known = await bulkPost(ports.state, bulkId, channelId, signal);
  if (known?.ts !== undefined) return undefined;
  const save = (post: BulkPost): Promise<void> =>
    saveBulkPost(ports.state, bulkId, channelId, post, ports.clock.now(), signal);
  const sinceNow = known?.since ?? new Date(ports.clock.now()).toISOString();
  const fileLink = known?.fileLink === undefined ? await handOverList(ports, bulk, channelId, signal) : known.fileLink;
  const posted = await postOnce(
    ports,
    {
      channelId,
      id: { key: 'change_id', value: bulkId },
      earlier: known && { channelId, since: known.since },
      compose: async () => ({
        message: bulkApprovalMessage(
          { ...bulk, needs },
          fileLink ?? undefined,
          together(needs.map(({ because }) => approversOf(ports, because))),
        ),
        eventType: releaseEventType,
      }),
      begin: (since) => save({ channelId, since, fileLink }),
    },
    deadline,
  );
  if (!posted.ok) return posted.failure;
  await save({ channelId: posted.value.channelId, since: sinceNow, ts: posted.value.ts, fileLink });
  return undefined;
};

/** Puts a confirmed bulk before those whom each of its rules wants, in their channels. Resolves to the channels in which that failed. */
export const askBulkApproval = async (
  ports: Ports,
  bulk: BulkState,
  deadline: Deadline,
): Promise<readonly UnaskedChannel[]> => {
  const unasked: UnaskedChannel[] = [];
  for (const [channelId, needs] of Map.groupBy(missingNeeds(bulk), (need) => need.channelId)) {
    const failure = await askIn(ports, bulk, channelId, needs, deadline);
    if (failure !== undefined)
      unasked.push({ channelId, why: failure.kind === 'refused' ? failure.code : failure.kind });
  }
  return unasked;
};

/** Where approvers were asked, the buttons give way to what happened to it. */
export const closeBulkApproval = async (ports: Ports, bulk: BulkState, signal: AbortSignal): Promise<void> => {
  for (const channelId of new Set(bulk.needs.map((need) => need.channelId))) {
    const post = await bulkPost(ports.state, bulk.bulkId, channelId, signal);
    if (post?.ts === undefined) continue;
    const edited = await ports.messenger.edit(post.channelId, post.ts, closedBulkMessage(bulk), signal);
    if (!edited.ok)
      ports.log.warn('the message that asked for approval of a bulk could not be closed', {
        bulkId: bulk.bulkId,
        failure: edited.failure,
      });
  }
};
