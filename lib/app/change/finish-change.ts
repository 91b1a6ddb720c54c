import type { Deadline } from '../../core/base/deadline.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import type { ProbeResult } from '../../core/probe-report/report.ts';
import { changeLine, changeMessage, progressMessage } from '../../messages/change/change-message.ts';
import { targetsText } from '../../messages/change/record-lines.ts';
import type { Message, MessengerFailure } from '../../messages/message.ts';
import { closeRelease } from '../notify/close-release.ts';
import { pressableBy } from '../notify/pressable.ts';
import { type Answering, requesterOf } from '../notify/requester.ts';
import { afterReply, retrySlack } from '../notify/retry-slack.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { probeEndpoint, recordTypesOf } from '../probe/probe-endpoint.ts';
import { announcementKey, awaitAnnouncement } from '../state/announcements.ts';
import { removeDrift } from '../state/drift-store.ts';
import { keepProbe } from '../state/keep-probe.ts';
import { awaitResolver } from './await-resolver.ts';
import { type SyncState, waitInSync } from './in-sync.ts';
import { syncDirectory } from './sync-directory.ts';

/** What follows a finished change: directory, sync, probe, announcement, answer. Every step may be repeated without harm. */
export const finishChange = async (
  ports: Ports,
  change: ChangeState,
  { replyTo, replaceOriginal }: Answering,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const reader = [change.actor, change.approvedBy, change.endedBy].find((actor) => actor?.userId === replyTo.userId);
  const say = async (message: Message) => {
    const { hostname } = change.plan;
    const blocks =
      reader === undefined ? message.blocks : await pressableBy(ports, reader, message.blocks, hostname, signal);
    return ports.messenger.reply(replyTo, { ...message, blocks }, { replaceOriginal, inChannel: false }, signal);
  };
  const unsaid = (failure: MessengerFailure): void =>
    ports.log.warn('the requester could not be answered', { changeId: change.changeId, failure });
  const tell = async (message: Message): Promise<void> => {
    const told = await say(message);
    if (!told.ok) unsaid(told.failure);
  };
  const step = async (behind: readonly string[], now: string): Promise<void> => {
    if (replaceOriginal) await tell(progressMessage(change, behind, now));
  };
  let sync: SyncState = 'unknown';
  let probe: ProbeResult | undefined;
  const definition = change.plan.definitionAfter;
  if (change.state === 'applied') {
    await syncDirectory(ports, change.plan.hostname, signal);
    // Any drift is corrected: otherwise the batch would have been refused.
    await removeDrift(ports.state, change.plan.hostname, signal);
    const written = 'written to the ledger and to Route 53';
    const waiting = 'waiting until all servers of Route 53 have it, usually less than a minute';
    await step([written], waiting);
    sync = await waitInSync(ports, change.changeInfoId, deadline, async () => {
      if (!replaceOriginal) await tell(progressMessage(change, [written], waiting));
    });
    if (definition !== undefined) {
      const { hostname, port, sslMode, targets } = definition;
      const spread = sync === 'INSYNC' ? 'now on all servers of Route 53' : 'not yet on all servers of Route 53';
      const within = change.plan.effectiveWithinSeconds;
      if (within !== undefined && sync !== 'PENDING') {
        await step(
          [written, spread],
          `asking the resolver until it answers ${targetsText(targets)}, at most ${within} s`,
        );
        await awaitResolver(ports, change, deadline);
      }
      await step([written, spread], `probing ${targetsText(targets)} on port ${port}`);
      probe = await probeEndpoint(
        ports,
        { requestId: change.requestId, hostname, port, sslMode, recordTypes: recordTypesOf(targets) },
        deadline,
      );
      await keepProbe(ports, hostname, { at: new Date(ports.clock.now()).toISOString(), result: probe }, signal);
    }
  }
  const routeInSync = sync !== 'PENDING';
  await awaitAnnouncement(ports.state, announcementKey(change), change.plan.hostname, routeInSync, signal);
  await ports.queue.send({ kind: 'announce', hostname: change.plan.hostname, changeId: change.changeId }, signal);
  const seenAnyway = replyTo.channelId === ports.policy.auditChannel;
  const verdict = seenAnyway
    ? changeLine(change, null)
    : changeMessage({ change, probe, profile: ports.profile, nowMs: ports.clock.now() }, routeInSync);
  await closeRelease(ports, change, signal);
  if (replyTo.userId !== change.actor.userId) {
    const requester = requesterOf(change).replyTo;
    const heard = await retrySlack(ports, deadline, true, () =>
      ports.messenger.reply(requester, changeLine(change, null), { replaceOriginal: false, inChannel: false }, signal),
    );
    if (!heard.ok) unsaid(heard.failure);
  }
  // In the audit channel the announcement is the answer; but what a button's message shows has to give way.
  if (seenAnyway && !replaceOriginal) return done;
  const told = await retrySlack(ports, deadline, true, () => say(verdict));
  if (!told.ok) unsaid(told.failure);
  return afterReply(told);
};
