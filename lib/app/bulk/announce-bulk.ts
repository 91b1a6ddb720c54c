import type { Deadline } from '../../core/base/deadline.ts';
import { isSlackId } from '../../core/base/slack-ids.ts';
import { bulkIdOf, bulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, isWaiting } from '../../core/bulk/fold-bulk.ts';
import { auditStream, type Entry } from '../../core/ledger/entry.ts';
import { bulkAuditMessage, bulkLine } from '../../messages/bulk/outcome-message.ts';
import { refusesContent } from '../../messages/message.ts';
import { appendAfter } from '../ledger/append.ts';
import { withLine } from '../notify/compose-announcement.ts';
import { postOnce, retryPost } from '../notify/post-once.ts';
import { retrySlack } from '../notify/retry-slack.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { announcementStatus, markAnnounced, markPosting, type Posting } from '../state/announcements.ts';
import { auditEventType } from '../verify/audit-post.ts';
import { textDigestOf } from '../verify/posted-text.ts';
import { readBulk } from './record-bulk.ts';

/** The channel of the command learns where to read on, where no message there says what happened to the bulk. */
const pointTo = async (ports: Ports, bulk: BulkState, permalink: string | null, deadline: Deadline): Promise<void> => {
  const { channelId } = bulk.actor;
  // What was applied is shown there by its own message.
  if (bulk.state === 'closed' || channelId === ports.policy.auditChannel || !isSlackId('channel', channelId)) return;
  const metadata = { event_type: 'postal_endpoint_pointer', event_payload: { change_id: bulk.bulkId } };
  const posted = await retrySlack(ports, deadline, false, () =>
    ports.messenger.post(channelId, bulkLine(bulk, permalink), metadata, deadline.signal),
  );
  if (!posted.ok)
    ports.log.warn('the channel of a bulk could not be notified', { bulkId: bulk.bulkId, failure: posted.failure });
};

/**
 * Announces a finished bulk in the audit channel with one message, which has the hashes of its request, of every decision on it, and of its closing entry, and
 * enters that in the `_audit` stream. The closing entry's hash covers the outcomes before it, which hold the last hash of every change. Works like `announce`.
 */
export const announceBulk = async (
  ports: Ports,
  { hostname }: { readonly hostname: string },
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const { auditChannel } = ports.policy;
  const bulkId = bulkIdOf(hostname);
  const bulk = await readBulk(ports, bulkId, signal);
  if (bulk === undefined || isWaiting(bulk) || bulk.state === 'released') return done;
  const head: Entry | undefined = await ports.ledger.head(auditStream, signal);
  if (head?.body.kind === 'announced' && head.body.changes.some(({ changeId }) => changeId === bulkId)) {
    await markAnnounced(ports.state, bulkId, hostname, head.body.permalink, signal);
    return done;
  }
  const status = await announcementStatus(ports.state, bulkId, signal);
  if (status?.status === 'announced') return done;
  const earlier = status?.status === 'posting' ? status : undefined;
  const { hashes } = bulk;
  const previousHash = head?.hash ?? 'none';
  const payload = {
    previous_audit_hash: previousHash,
    changes: [{ change_id: bulkId, hostname: bulkStream(bulkId), hashes: hashes.join(' ') }],
  };
  const line = `entries ${hashes.join(' ')} · previous audit entry ${previousHash}`;
  let posting: Posting | undefined = earlier;
  const post = (before: Posting | undefined, isShort: boolean): ReturnType<typeof postOnce> =>
    postOnce(
      ports,
      {
        channelId: auditChannel,
        id: { key: 'announcement_id', value: bulkId },
        earlier: before && { channelId: auditChannel, since: before.since },
        compose: async () => {
          const whole = bulkAuditMessage(bulk);
          const message = isShort ? { text: bulkLine(bulk, null).text, blocks: [] } : whole;
          return { message: withLine(message, line), payload, eventType: auditEventType };
        },
        begin: async (since, { text }) => {
          const told = earlier?.told ?? false;
          posting = { hostname, inSync: true, since, told, textDigest: textDigestOf(text), others: [] };
          await markPosting(ports.state, bulkId, posting, signal);
        },
      },
      deadline,
    );
  let posted = await post(earlier, false);
  if (!posted.ok && refusesContent(posted.failure)) posted = await post(undefined, true);
  if (!posted.ok) return retryPost('announcement of a bulk', posted.failure, deliveries, ports);
  const { channelId, ts, permalink } = posted.value;
  const textDigest = posting?.textDigest ?? '';
  const changes = [{ hostname, changeId: bulkId, hashes }];
  const entered = await appendAfter(
    ports,
    auditStream,
    head,
    { kind: 'announced', changes, channelId, ts, permalink, textDigest },
    signal,
  );
  if (entered === 'taken') return { kind: 'retry', afterSeconds: 1, why: 'announcement: the audit stream has grown' };
  await markAnnounced(ports.state, bulkId, hostname, permalink, signal);
  await pointTo(ports, bulk, permalink, deadline);
  return done;
};
