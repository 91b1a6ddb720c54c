import type { MessageMetadata } from '@slack/types';
import { backoffMs } from '../backoff.ts';
import type { Deadline } from '../deadline.ts';
import { digestOf } from '../ledger/digest.ts';
import { auditStream, type Entry } from '../ledger/entry.ts';
import { type ChangeState, fold } from '../ledger/fold.ts';
import { burstMessage, changeLine, changeMessage } from '../slack/messages/change-message.ts';
import { plainRefusal } from '../slack/messages/refused-message.ts';
import type { Message, MessengerFailure, Posted } from '../slack/messenger.ts';
import { type AnnouncementStatus, announcementStatus, markAnnounced, markPosting, waitingAnnouncements } from './announcements.ts';
import { appendAfter } from './append.ts';
import { lastProbe } from './directory.ts';
import { done, type Outcome, type Ports } from './ports.ts';
import { requesterOf } from './settle-change.ts';

/** From this many waiting changes on, one message speaks for all. */
const burstFrom = 4;
const burstAtMost = 20;
/** Slack's clock and ours may differ by this much. */
const clockSkewMs = 60_000;

export const auditEventType = 'postal_endpoint_change';

const isFinished = ({ state }: ChangeState): boolean => state === 'applied' || state === 'failed' || state === 'conflict';

/** The finished changes that this announcement speaks for: the one asked for first, then, in a burst, others that wait. */
const gather = async (ports: Ports, hostname: string, changeId: string, signal: AbortSignal): Promise<readonly ChangeState[]> => {
  const waiting = (await waitingAnnouncements(ports.state, signal)).filter((each) => each.changeId !== changeId);
  const chosen = [{ changeId, hostname }, ...(waiting.length + 1 < burstFrom ? [] : waiting.slice(0, burstAtMost - 1))];
  const changes = await Promise.all(chosen.map(async (each) => fold(await ports.ledger.read(each.hostname, signal)).changes.get(each.changeId)));
  return changes.filter((change): change is ChangeState => change !== undefined && isFinished(change));
};

/** Hashes of the entries in text and in metadata: whoever holds the channel can hold the ledger against it. */
const witness = (
  changes: readonly ChangeState[],
  announcementId: string,
  previous: Entry | undefined,
): { metadata: MessageMetadata; line: string } => {
  const previousHash = previous?.hash ?? 'none';
  return {
    metadata: {
      event_type: auditEventType,
      event_payload: {
        announcement_id: announcementId,
        previous_audit_hash: previousHash,
        changes: changes.map(({ changeId, plan, hashes }) => ({ change_id: changeId, hostname: plan.hostname, hashes: hashes.join(' ') })),
      },
    },
    line: `entries ${changes.flatMap(({ hashes }) => hashes).join(' ')} · previous audit entry ${previousHash}`,
  };
};

const compose = async (ports: Ports, changes: readonly ChangeState[], inSync: boolean, line: string, signal: AbortSignal): Promise<Message> => {
  const [only] = changes;
  const nowMs = ports.clock.now();
  const message =
    only !== undefined && changes.length === 1
      ? changeMessage({
          change: only,
          probe: (await lastProbe(ports.state, only.plan.hostname, signal))?.result,
          routeInSync: inSync,
          profile: ports.profile,
          nowMs,
        })
      : burstMessage(changes);
  return { ...message, text: `${message.text}\n${line}` };
};

const explainRefusal = (code: string, channelId: string): string =>
  code === 'not_in_channel'
    ? `The change stands as it was told, but it could not be announced: I am not a member of the audit channel ${channelId}. Invite me there with /invite; I go on trying.`
    : `The change stands as it was told, but Slack refused its announcement in ${channelId} (${code}). An administrator has to mend that; I go on trying.`;

const later = (failure: MessengerFailure, deliveries: number, random: () => number): Outcome => {
  const afterSeconds = failure.kind === 'rate-limited' ? failure.retryAfterSeconds : Math.ceil(backoffMs(deliveries, 2_000, 300_000, random) / 1000);
  return { kind: 'retry', afterSeconds: Math.max(1, afterSeconds), why: `announcement: ${failure.kind}` };
};

/** The channel in which the command was given learns where to read on, when it is not the audit channel. */
const pointTo = async (ports: Ports, change: ChangeState, permalink: string | null, signal: AbortSignal): Promise<void> => {
  const { channelId } = change.actor;
  // A direct message's channel has the requester for its only reader, who was answered already.
  if (channelId === ports.policy.auditChannel || !/^[CG]/.test(channelId)) return;
  const metadata = { event_type: 'postal_endpoint_pointer', event_payload: { change_id: change.changeId } };
  const posted = await ports.messenger.post(channelId, changeLine(change, permalink), metadata, signal);
  if (!posted.ok) ports.log.warn('the channel of the command could not be told', { changeId: change.changeId, failure: posted.failure });
};

/**
 * Announces a finished change in the audit channel and enters that in the `_audit` stream. One at a time (message group `audit`). A post whose answer
 * was lost is looked up by its metadata before it is repeated.
 */
export const announce = async (
  ports: Ports,
  { hostname, changeId }: { hostname: string; changeId: string },
  deliveries: number,
  { signal }: Deadline,
): Promise<Outcome> => {
  const { auditChannel } = ports.policy;
  const head = await ports.ledger.head(auditStream, signal);
  if (head?.body.kind === 'announced' && head.body.changes.some((change) => change.changeId === changeId)) {
    await finish(ports, head, signal);
    return done;
  }
  const status: AnnouncementStatus | undefined = await announcementStatus(ports.state, changeId, signal);
  if (status?.status === 'announced') return done;
  const changes = await gather(ports, hostname, changeId, signal);
  if (!changes.some((change) => change.changeId === changeId)) return done;

  const inSync = status?.inSync ?? true;
  const since = status?.status === 'posting' ? status.since : new Date(ports.clock.now()).toISOString();
  const told = status?.status === 'posting' && status.told;
  const { metadata, line } = witness(changes, changeId, head);
  const message = await compose(ports, changes, inSync, line, signal);
  const textDigest = status?.status === 'posting' ? status.textDigest : digestOf(message.text);
  let posted: Posted | undefined;
  if (status?.status === 'posting') {
    const oldest = new Date(Date.parse(since) - clockSkewMs).toISOString();
    const found = await ports.messenger.findPost(auditChannel, 'announcement_id', changeId, oldest, signal);
    if (!found.ok && found.failure.kind !== 'refused') return later(found.failure, deliveries, ports.random);
    posted = found.ok ? found.value : undefined;
  } else {
    await markPosting(ports.state, changeId, { hostname, inSync, since, told, textDigest }, signal);
  }
  if (posted === undefined) {
    const result = await ports.messenger.post(auditChannel, message, metadata, signal);
    if (!result.ok) {
      const [first] = changes;
      if (result.failure.kind === 'refused' && !told && first !== undefined) {
        await ports.messenger.reply(
          requesterOf(first).replyTo,
          plainRefusal([explainRefusal(result.failure.code, auditChannel)]),
          { replaceOriginal: false, inChannel: false },
          signal,
        );
        await markPosting(ports.state, changeId, { hostname, inSync, since, told: true, textDigest }, signal);
      }
      return later(result.failure, deliveries, ports.random);
    }
    posted = result.value;
  }
  const entered = await appendAfter(
    ports,
    auditStream,
    head,
    {
      kind: 'announced',
      changes: changes.map((change) => ({ hostname: change.plan.hostname, changeId: change.changeId, hashes: change.hashes })),
      channelId: posted.channelId,
      ts: posted.ts,
      permalink: posted.permalink,
      textDigest,
    },
    signal,
  );
  // Another announcer, which the message group should have kept out, was first: look again.
  if (entered === 'taken') return { kind: 'retry', afterSeconds: 1, why: 'announcement: the audit stream has grown' };
  await finish(ports, entered, signal);
  for (const change of changes) await pointTo(ports, change, posted.permalink, signal);
  return done;
};

const finish = async ({ state }: Ports, { body }: Entry, signal: AbortSignal): Promise<void> => {
  if (body.kind !== 'announced') return;
  for (const { changeId, hostname } of body.changes) await markAnnounced(state, changeId, hostname, body.permalink, signal);
};
