import type { Deadline } from '../../core/base/deadline.ts';
import { channelReference, isSlackId } from '../../core/base/slack-ids.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { auditStream, type Entry } from '../../core/ledger/entry.ts';
import { type ChangeState, fold, isFinished } from '../../core/ledger/fold.ts';
import { notInPostalYet } from '../../core/postal/audit/plan-remarks.ts';
import { changeLine, changeMessage } from '../../messages/change/change-message.ts';
import { refusesContent } from '../../messages/message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { appendAfter } from '../ledger/append.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import {
  type AnnouncementStatus,
  announcementKey,
  announcementStatus,
  type ChangeKey,
  markAnnounced,
  markPosting,
  type Posting,
  waitingAnnouncements,
} from '../state/announcements.ts';
import { awaitEntry } from '../state/postal/entry-awaited.ts';
import { auditEventType } from '../verify/audit-post.ts';
import { textDigestOf } from '../verify/posted-text.ts';
import { composeAnnouncement, viewOf } from './compose-announcement.ts';
import { postOnce, retryPost } from './post-once.ts';
import { requesterOf } from './requester.ts';
import { retrySlack } from './retry-slack.ts';

/** From this many waiting changes on, one message speaks for all. */
const burstFrom = 4;
const burstAtMost = 20;
/**
 * What else the announcement of a change speaks for: in a burst all that wait; else what was given up half-way, for as long as this one is worked no other
 * can be, so that its own message is gone.
 */
const chooseOthers = async ({ state }: Ports, changeId: string, signal: AbortSignal): Promise<readonly ChangeKey[]> => {
  // A bulk has a message of its own.
  const waiting = (await waitingAnnouncements(state, signal)).filter(
    (each) => each.changeId !== changeId && !isBulkStream(each.hostname),
  );
  const isBurst = waiting.length + 1 >= burstFrom;
  return waiting
    .filter(({ status }) => isBurst || status === 'posting')
    .slice(0, burstAtMost - 1)
    .map((each) => ({ hostname: each.hostname, changeId: each.changeId }));
};

/** The finished ones among these changes, as the ledger has them. */
const readChanges = async (
  ports: Ports,
  keys: readonly ChangeKey[],
  signal: AbortSignal,
): Promise<readonly ChangeState[]> => {
  const changes = await Promise.all(
    keys.map(async (each) => fold(await ports.ledger.read(each.hostname, signal)).changes.get(each.changeId)),
  );
  return changes.filter((change): change is ChangeState => change !== undefined && isFinished(change));
};

/** Without those that have landed late and were not settled since. */
const settledOnes = async (
  { state }: Ports,
  changes: readonly ChangeState[],
  signal: AbortSignal,
): Promise<readonly ChangeState[]> => {
  const settled: ChangeState[] = [];
  for (const change of changes) {
    if (!change.landedLate || (await announcementStatus(state, announcementKey(change), signal)) !== undefined)
      settled.push(change);
  }
  return settled;
};

const explainRefusal = (code: string, channelId: string): string =>
  code === 'not_in_channel'
    ? `This is not announced yet: I am not a member of the audit channel ${channelReference(channelId)}. Invite me there with /invite; I keep trying.`
    : `This is not announced yet: Slack refuses my message in the audit channel ${channelReference(channelId)} (${code}). An administrator has to fix that; I keep trying.`;

/** The channels in which the commands were given learn where to read on, when they are not the audit channel: one message each, for each can take one a second. */
const pointTo = async (
  ports: Ports,
  changes: readonly ChangeState[],
  permalink: string | null,
  deadline: Deadline,
): Promise<void> => {
  // A direct message's channel has the requester for its only reader, who was answered already.
  const elsewhere = changes.filter(
    ({ actor: { channelId } }) => channelId !== ports.policy.auditChannel && isSlackId('channel', channelId),
  );
  for (const [channelId, given] of Map.groupBy(elsewhere, ({ actor }) => actor.channelId)) {
    const lines = given.map((change) => changeLine(change, permalink));
    const message = { text: lines.map(({ text }) => text).join('\n'), blocks: lines.flatMap(({ blocks }) => blocks) };
    const changeIds = given.map(({ changeId }) => changeId).join(' ');
    const metadata = { event_type: 'postal_endpoint_pointer', event_payload: { change_id: changeIds } };
    const posted = await retrySlack(ports, deadline, false, () =>
      ports.messenger.post(channelId, message, metadata, deadline.signal),
    );
    if (!posted.ok)
      ports.log.warn('the channel of the command could not be notified', { changeIds, failure: posted.failure });
  }
};

/**
 * Announces a finished change in the audit channel and enters that in the `_audit` stream. One at a time (message group `audit`). A post whose answer
 * was lost is looked up by its metadata before it is repeated.
 */
export const announce = async (
  ports: Ports,
  { hostname, changeId }: ChangeKey,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const { auditChannel } = ports.policy;
  const [change] = await readChanges(ports, [{ hostname, changeId }], signal);
  if (change === undefined) return done;
  const key = announcementKey(change);
  const head = await ports.ledger.head(auditStream, signal);
  if (head?.body.kind === 'announced' && head.body.changes.some(({ hashes }) => hashes.includes(change.lastHash))) {
    await finish(ports, head, signal);
    return done;
  }
  const status: AnnouncementStatus | undefined = await announcementStatus(ports.state, key, signal);
  if (status?.status === 'announced') return done;
  // What has landed late meanwhile is settled first, or nobody would: it is announced after that.
  if (change.landedLate && status === undefined) return done;
  const earlier = status?.status === 'posting' ? status : undefined;
  // A message that may be there already speaks for what it spoke for when it was sent: what has finished since is not in it.
  const others = earlier?.others ?? (await chooseOthers(ports, changeId, signal));
  const settled = await settledOnes(ports, await readChanges(ports, others, signal), signal);

  const inSync = status?.inSync ?? true;
  let posting: Posting | undefined = earlier;
  let changes: readonly [ChangeState, ...ChangeState[]] = [change, ...settled];
  const post = (before: Posting | undefined, isShort: boolean): ReturnType<typeof postOnce> =>
    postOnce(
      ports,
      {
        channelId: auditChannel,
        id: { key: 'announcement_id', value: key },
        earlier: before && { channelId: auditChannel, since: before.since },
        compose: async () => {
          const composed = await composeAnnouncement(ports, changes, { inSync, isShort }, head, signal);
          changes = [change, ...composed.changes.slice(1)];
          return { ...composed, eventType: auditEventType };
        },
        begin: async (since, { text }) => {
          posting = {
            hostname,
            inSync,
            since,
            told: earlier?.told ?? false,
            textDigest: textDigestOf(text),
            others: changes.slice(1).map(({ changeId: id, plan }) => ({ hostname: plan.hostname, changeId: id })),
          };
          await markPosting(ports.state, key, posting, signal);
        },
      },
      deadline,
    );
  let posted = await post(earlier, false);
  // What Slack still refuses for its size is said for half as many, at last in one sentence: one change too long must not hold up all that follow.
  for (let isShort = false; !posted.ok && refusesContent(posted.failure) && !isShort; ) {
    isShort = changes.length === 1;
    changes = [change, ...changes.slice(1, Math.max(1, Math.floor(changes.length / 2)))];
    posted = await post(undefined, isShort);
  }
  if (!posted.ok) {
    if (posted.failure.kind === 'refused' && posting?.told === false) {
      const told = await tellRefusal(ports, change, inSync, posted.failure.code, signal);
      if (told) await markPosting(ports.state, key, { ...posting, told }, signal);
    }
    return retryPost('announcement', posted.failure, deliveries, ports);
  }
  const textDigest = posting?.textDigest ?? '';
  const { channelId, ts, permalink } = posted.value;
  const spokenFor = changes.map(({ changeId: id, plan, hashes }) => ({
    hostname: plan.hostname,
    changeId: id,
    hashes,
  }));
  const body = { kind: 'announced', changes: spokenFor, channelId, ts, permalink, textDigest } as const;
  const entered = await appendAfter(ports, auditStream, head, body, signal);
  // Another announcer, which the message group should have kept out, was first: look again.
  if (entered === 'taken') return { kind: 'retry', afterSeconds: 1, why: 'announcement: the audit stream has grown' };
  await finish(ports, entered, signal);
  await pointTo(ports, changes, permalink, deadline);
  return done;
};

/**
 * Tells the requester what happened to the change and that Slack refuses its announcement. Somebody who asked in the audit channel has heard nothing
 * yet, for there the announcement is the answer. Resolves to whether Slack took it.
 */
const tellRefusal = async (
  ports: Ports,
  change: ChangeState,
  inSync: boolean,
  code: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const { auditChannel } = ports.policy;
  const { replyTo } = requesterOf(change);
  const isUnanswered = replyTo.channelId === auditChannel;
  const verdict = isUnanswered ? changeMessage(await viewOf(ports, change, signal), inSync) : changeLine(change, null);
  const why = plainRefusal([explainRefusal(code, auditChannel)]);
  const message = { text: `${why.text}\n${verdict.text}`, blocks: [...why.blocks, ...verdict.blocks] };
  const told = await ports.messenger.reply(replyTo, message, { replaceOriginal: false, inChannel: false }, signal);
  if (!told.ok)
    ports.log.warn('the requester could not be notified of the refused announcement', {
      changeId: change.changeId,
      failure: told.failure,
    });
  return told.ok;
};

const finish = async (ports: Ports, { body }: Entry, signal: AbortSignal): Promise<void> => {
  if (body.kind !== 'announced') return;
  for (const announced of body.changes) {
    const [change] = await readChanges(ports, [announced], signal);
    // What landed late since then is still to be announced as that.
    const key =
      change?.landedLate && announced.hashes.includes(change.lastHash) ? announcementKey(change) : announced.changeId;
    await markAnnounced(ports.state, key, announced.hostname, body.permalink, signal);
    if (change?.state === 'applied' && change.warnings.some((warning) => warning.startsWith(notInPostalYet))) {
      const { hostname, changeId } = announced;
      const { channelId, ts } = body;
      await awaitEntry(ports.state, changeId, { hostname, channelId, ts }, ports.clock.now(), signal);
    }
  }
};
