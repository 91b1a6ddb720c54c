import type { Deadline } from '../../core/base/deadline.ts';
import { type ChangeState, fold, isFinished } from '../../core/ledger/fold.ts';
import { protectionOf } from '../../core/policy/protected-names.ts';
import { besideFailover } from '../../messages/change/failover-message.ts';
import { askedMessage, releaseMessage } from '../../messages/change/release-message.ts';
import type { Message } from '../../messages/message.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { lastProbe } from '../state/directory.ts';
import { failoverProbes } from '../state/failover-probes.ts';
import { saveWaitingPlan, waitingPlan } from '../state/waiting-plans.ts';
import { closeRelease } from './close-release.ts';
import { answer } from './reply.ts';

/** Slack's clock and ours may differ by this much. */
const clockSkewMs = 60_000;

export const releaseEventType = 'postal_endpoint_release';

/** What is shown beside a plan: of a failover, what was met at the standby. */
const besidePlan = async (
  ports: Ports,
  { plan, changeId }: ChangeState,
  signal: AbortSignal,
): Promise<Message['blocks']> => {
  const probes = plan.verb === 'failover' ? await failoverProbes(ports, changeId, signal) : undefined;
  return probes === undefined ? [] : besideFailover(plan, probes, { profile: ports.profile, nowMs: ports.clock.now() });
};

type Asked = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Puts a plan before its approvers, in their channel; at most once, also when Slack's answer was lost. */
const askApprovers = async (
  ports: Ports,
  change: ChangeState,
  channelId: string,
  signal: AbortSignal,
): Promise<Asked> => {
  const { changeId, plan } = change;
  const known = await waitingPlan(ports.state, changeId, signal);
  if (known?.post !== undefined) return { ok: true };
  const since = known?.since ?? new Date(ports.clock.now()).toISOString();
  const waiting = { hostname: plan.hostname, expiresAt: plan.expiresAt, since };
  if (known?.since !== undefined) {
    const oldest = new Date(Date.parse(since) - clockSkewMs).toISOString();
    const found = await ports.messenger.findPost(channelId, 'change_id', changeId, oldest, signal);
    if (found.ok && found.value !== undefined) {
      await saveWaitingPlan(
        ports.state,
        changeId,
        { ...waiting, post: { channelId: found.value.channelId, ts: found.value.ts } },
        signal,
      );
      return { ok: true };
    }
  }
  await saveWaitingPlan(ports.state, changeId, waiting, signal);
  const probed = plan.definitionBefore === undefined ? undefined : await lastProbe(ports.state, plan.hostname, signal);
  const approvers = protectionOf(ports.policy, plan.verb, plan.hostname)?.approvers;
  const message = releaseMessage(change, probed?.at, await besidePlan(ports, change, signal), approvers);
  const posted = await ports.messenger.post(
    channelId,
    message,
    { event_type: releaseEventType, event_payload: { change_id: changeId } },
    signal,
  );
  if (!posted.ok)
    return { ok: false, why: posted.failure.kind === 'refused' ? posted.failure.code : posted.failure.kind };
  await saveWaitingPlan(
    ports.state,
    changeId,
    { ...waiting, post: { channelId: posted.value.channelId, ts: posted.value.ts } },
    signal,
  );
  return { ok: true };
};

/** Somebody was quicker than this worker: what it has just put up is closed again. */
const closeIfOver = async (ports: Ports, { changeId, plan }: ChangeState, signal: AbortSignal): Promise<void> => {
  const now = fold(await ports.ledger.read(plan.hostname, signal)).changes.get(changeId);
  if (now !== undefined && isFinished(now)) await closeRelease(ports, now, signal);
};

/** Shows a plan that waits to whoever has to release it: to the requester alone for a confirmation, in the approvers' channel for an approval. */
export const askForRelease = async (
  ports: Ports,
  request: Request,
  change: ChangeState,
  deadline: Deadline,
): Promise<Outcome> => {
  const { release, hostname, expiresAt } = change.plan;
  const { signal } = deadline;
  if (release.kind !== 'approval') {
    await saveWaitingPlan(ports.state, change.changeId, { hostname, expiresAt }, signal);
    await closeIfOver(ports, change, signal);
    const probed =
      change.plan.definitionBefore === undefined ? undefined : await lastProbe(ports.state, hostname, signal);
    return answer(
      ports,
      request,
      releaseMessage(change, probed?.at, await besidePlan(ports, change, signal)),
      deadline,
    );
  }
  const asked = await askApprovers(ports, change, release.channelId, signal);
  await closeIfOver(ports, change, signal);
  return answer(ports, request, askedMessage(change, release.channelId, asked.ok ? undefined : asked.why), deadline);
};
