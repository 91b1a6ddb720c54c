import type { Deadline } from '../../core/base/deadline.ts';
import { type ChangeState, fold, isFinished } from '../../core/ledger/fold.ts';
import { protectionOf } from '../../core/policy/protected-names.ts';
import { besideFailover } from '../../messages/change/failover-message.ts';
import { askedMessage, releaseMessage } from '../../messages/change/release-message.ts';
import type { Message, MessengerFailure } from '../../messages/message.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { lastProbe } from '../state/directory.ts';
import { failoverProbes } from '../state/failover-probes.ts';
import { saveWaitingPlan, type WaitingPlan, waitingPlan } from '../state/waiting-plans.ts';
import { closeRelease } from './close-release.ts';
import { postOnce, retryPost } from './post-once.ts';
import { answer } from './reply.ts';

/** Slack may be unreachable for a while: from this delivery on, the requester learns that the approvers could not be asked. */
const deliveriesBeforeAnswer = 5;

export const releaseEventType = 'postal_endpoint_release';

/** What is shown beside a plan: of a failover, what the probe of the standby saw. */
const besidePlan = async (
  ports: Ports,
  { plan, changeId }: ChangeState,
  signal: AbortSignal,
): Promise<Message['blocks']> => {
  const probes = plan.verb === 'failover' ? await failoverProbes(ports, changeId, signal) : undefined;
  return probes === undefined ? [] : besideFailover(plan, probes, { profile: ports.profile, nowMs: ports.clock.now() });
};

/** Puts a plan before its approvers, in their channel, once; resolves to why Slack did not take it, where it did not. */
const askApprovers = async (
  ports: Ports,
  change: ChangeState,
  channelId: string,
  deadline: Deadline,
): Promise<MessengerFailure | undefined> => {
  const { changeId, plan } = change;
  const { signal } = deadline;
  const known = await waitingPlan(ports.state, changeId, signal);
  if (known?.post !== undefined) return undefined;
  const save = (more: Pick<WaitingPlan, 'since' | 'post'>): Promise<void> =>
    saveWaitingPlan(ports.state, changeId, { hostname: plan.hostname, expiresAt: plan.expiresAt, ...more }, signal);
  const posted = await postOnce(
    ports,
    {
      channelId,
      id: { key: 'change_id', value: changeId },
      earlier: known?.since === undefined ? undefined : { channelId, since: known.since },
      compose: async () => {
        const probed =
          plan.definitionBefore === undefined ? undefined : await lastProbe(ports.state, plan.hostname, signal);
        const approvers = protectionOf(ports.policy, plan.verb, plan.hostname)?.approvers;
        const message = releaseMessage(change, probed?.at, await besidePlan(ports, change, signal), approvers);
        return { message, eventType: releaseEventType };
      },
      begin: (since) => save({ since }),
    },
    deadline,
  );
  if (!posted.ok) return posted.failure;
  await save({ post: { channelId: posted.value.channelId, ts: posted.value.ts } });
  return undefined;
};

/** Somebody was quicker than this worker: what it has just put up is closed again. */
const closeIfOver = async (ports: Ports, change: ChangeState, signal: AbortSignal): Promise<void> => {
  const { changeId, plan } = change;
  const now = fold(await ports.ledger.read(plan.hostname, signal)).changes.get(changeId) ?? change;
  if (isFinished(now)) await closeRelease(ports, now, signal);
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
  const failure = await askApprovers(ports, change, release.channelId, deadline);
  await closeIfOver(ports, change, signal);
  if (failure !== undefined && failure.kind !== 'refused' && request.deliveries < deliveriesBeforeAnswer)
    return retryPost('approval request', failure, request.deliveries, ports);
  const whyNot = failure?.kind === 'refused' ? failure.code : failure?.kind;
  return answer(ports, request, askedMessage(change, release.channelId, whyNot), deadline);
};
