import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { bulkIdOf, isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, isWaiting } from '../../core/bulk/fold-bulk.ts';
import { type ChangeState, fold, isPending } from '../../core/ledger/fold.ts';
import { mayApprove } from '../../core/policy/approvers.ts';
import { authorise } from '../../core/policy/authorise.ts';
import { isSamePerson, noGroups } from '../../core/policy/people.ts';
import { rightsGroups } from '../../core/policy/rights.ts';
import { type Decisions, pendingMessage } from '../../messages/change/release-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { readBulk } from '../bulk/record-bulk.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';
import { waitingPlans } from '../state/waiting-plans.ts';

const streamsAtOnce = 8;

/** Every plan that waits for a person, oldest first; of some hostnames only, where asked so. */
export const pendingChanges = async (
  { state, ledger }: Pick<Ports, 'state' | 'ledger'>,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<readonly ChangeState[]> => {
  const plans = (await waitingPlans(state, signal)).filter(({ hostname }) => !isBulkStream(hostname) && of(hostname));
  const found = new Map<string, ChangeState>();
  await concurrently(plans, streamsAtOnce, async ({ changeId, hostname }) => {
    const change = fold(await ledger.read(hostname, signal)).changes.get(changeId);
    if (change !== undefined && isPending(change)) found.set(changeId, change);
  });
  return plans.flatMap(({ changeId }) => found.get(changeId) ?? []);
};

/** Every bulk that waits for a person, oldest first, of whose names somebody may ask about one at least. */
const pendingBulks = async (
  ports: Pick<Ports, 'state' | 'ledger'>,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<readonly BulkState[]> => {
  const waiting: BulkState[] = [];
  for (const { hostname } of await waitingPlans(ports.state, signal)) {
    const bulk = isBulkStream(hostname) ? await readBulk(ports, bulkIdOf(hostname), signal) : undefined;
    if (bulk !== undefined && isWaiting(bulk) && bulk.parts.some(({ plan }) => of(plan.hostname))) waiting.push(bulk);
  }
  return waiting;
};

/**
 * What the person who asks may do with a waiting plan: whoever asked for it confirms or cancels it, an approver approves or rejects it. In a channel everybody
 * has every button.
 */
const decisionsFor = async (
  { policy, userGroups }: Ports,
  { actor, command }: Request<'pending'>,
  signal: AbortSignal,
): Promise<(change: ChangeState) => Decisions> => {
  if (command.share) return () => ({ releases: true, rejects: true, cancels: true });
  const ofApprovers = policy.protected.flatMap(({ approvers }) => approvers.userGroups ?? []);
  const groupIds = [...new Set([...rightsGroups(policy, actor), ...ofApprovers])];
  const groups = groupIds.length === 0 ? noGroups : await membersOf(userGroups, groupIds, signal);
  return ({ plan, actor: requester }) => {
    const isOwn = isSamePerson(actor, requester);
    const approval = mayApprove(policy, plan, requester, actor, groups);
    const decides = approval.allowed || approval.reason === 'group-unread';
    const may = (verb: 'approve' | 'reject'): boolean =>
      decides && authorise(policy, actor, verb, plan.hostname, groups).allowed;
    return { releases: isOwn ? decides : may('approve'), rejects: !isOwn && may('reject'), cancels: isOwn };
  };
};

/** Tells who asks which plans wait, of the names that they may ask about. */
export const pending = (ports: Ports, request: Request<'pending'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const of = await permitted(ports, request, deadline.signal);
    const waiting = await pendingChanges(ports, of, deadline.signal);
    const bulks = await pendingBulks(ports, of, deadline.signal);
    const mayDecide = await decisionsFor(ports, request, deadline.signal);
    return answer(ports, request, pendingMessage(waiting, ports.clock.now(), bulks, mayDecide), deadline);
  });
