import type { Deadline } from '../../core/base/deadline.ts';
import { bulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk, isWaiting, missingNeeds } from '../../core/bulk/fold-bulk.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { EntryBody } from '../../core/ledger/entry.ts';
import { isSamePerson } from '../../core/policy/people.ts';
import { bulkAskedMessage, bulkStartedMessage, closedBulkMessage } from '../../messages/bulk/outcome-message.ts';
import { changeRefusal, plainRefusal } from '../../messages/refused-message.ts';
import { appendAfter } from '../ledger/append.ts';
import { answer, refuse } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { resumeBulk } from '../queue/resume-message.ts';
import { queueOnce } from '../state/queue-once.ts';
import { forgetWaitingPlan } from '../state/waiting-plans.ts';
import { askBulkApproval, closeBulkApproval } from './ask-bulk-approval.ts';
import { rulesApprovedBy } from './bulk-approval.ts';
import { finishBulk } from './finish-bulk.ts';
import { progressChannel } from './show-progress.ts';

type DecisionVerb = 'approve' | 'reject' | 'cancel';
type Decision =
  | { readonly ok: true; readonly body: EntryBody }
  /** `why`: sentences for the person. */
  | { readonly ok: false; readonly why: string };

const shortestDigest = 12;
const no = (why: string): Decision => ({ ok: false, why });

/** What somebody's decision comes to as an entry, or why it is not theirs to take. */
const decisionOf = async (
  ports: Ports,
  { command, actor, requestId }: Request<DecisionVerb>,
  bulk: BulkState,
  signal: AbortSignal,
): Promise<Decision> => {
  const { bulkId, digest } = bulk;
  const name = `Bulk ${shortChangeId(bulkId)}`;
  const isOwn = isSamePerson(actor, bulk.actor);
  if (!isWaiting(bulk)) return no(`${name} no longer waits for a decision: it is ${bulk.state}.`);
  if (ports.clock.now() > Date.parse(bulk.expiresAt)) return no(`${name} has expired. Ask for it again.`);
  switch (command.verb) {
    case 'approve': {
      const { plan } = command;
      if (plan === undefined || plan.length < shortestDigest || !digest.startsWith(plan))
        return no(
          `plan: ${plan === undefined ? 'the digest is missing' : `"${plan}" is not the digest of this list`}. Press the button under the list: it approves exactly what you saw.`,
        );
      const approved = { kind: 'approved', changeId: bulkId, requestId, by: actor, planDigest: digest } as const;
      if (bulk.state === 'requested')
        return isOwn
          ? { ok: true, body: approved }
          : no(`${name} has to be confirmed first by @${bulk.actor.userName}, who asked for it.`);
      const { rules, refusals } = await rulesApprovedBy(ports, { ...bulk, needs: missingNeeds(bulk) }, actor, signal);
      return rules.length > 0 ? { ok: true, body: { ...approved, rules } } : no(refusals.join(' '));
    }
    case 'reject': {
      // Whoever could approve may reject; whoever asked cancels.
      const { rules, refusals } = await rulesApprovedBy(ports, bulk, actor, signal);
      if (rules.length === 0)
        return no(
          refusals.length > 0
            ? refusals.join(' ')
            : `${name} needs no approval. Only the person who asked for it can cancel it.`,
        );
      return {
        ok: true,
        body: { kind: 'rejected', changeId: bulkId, requestId, by: actor, reason: command.reason ?? '' },
      };
    }
    case 'cancel':
      return isOwn
        ? { ok: true, body: { kind: 'cancelled', changeId: bulkId, requestId, by: actor } }
        : no(`${name} can be cancelled only by @${bulk.actor.userName}, who asked for it. An approver can reject it.`);
  }
};

/** What follows a decision: others are asked, the bulk is applied, or it is over. */
const goOn = async (
  ports: Ports,
  request: Request<DecisionVerb>,
  bulk: BulkState,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  if (isWaiting(bulk)) {
    const unasked = await askBulkApproval(ports, bulk, deadline);
    // The request in the approvers' channel stays as it is until every rule has somebody.
    const isOwn = isSamePerson(request.actor, bulk.actor);
    return answer(
      ports,
      { ...request, replaceOriginal: request.replaceOriginal && isOwn },
      bulkAskedMessage(bulk, missingNeeds(bulk), unasked),
      deadline,
    );
  }
  if (bulk.state === 'released') {
    await queueOnce(ports, resumeBulk(bulk.bulkId), signal);
    await closeBulkApproval(ports, bulk, signal);
    await forgetWaitingPlan(ports.state, bulk.bulkId, signal);
    return answer(ports, request, bulkStartedMessage(bulk, progressChannel(ports, bulk)), deadline);
  }
  const finished = await finishBulk(ports, bulk, deadline);
  return request.replaceOriginal ? answer(ports, request, closedBulkMessage(bulk), deadline) : finished;
};

/** Confirms, approves, rejects or withdraws a bulk. Whoever decides is recorded in its stream, also when they may not. */
export const decideBulk = async (
  ports: Ports,
  request: Request<DecisionVerb>,
  bulkId: string,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const { requestId, command } = request;
  const stream = bulkStream(bulkId);
  const unreplaced = { ...request, replaceOriginal: false };
  for (;;) {
    const entries = await ports.ledger.read(stream, signal);
    const { bulk, refused } = foldBulk(entries);
    if (bulk === undefined)
      return answer(
        ports,
        unreplaced,
        changeRefusal([`change: there is no bulk ${bulkId}. Nothing was changed.`], true),
        deadline,
      );
    const reasons = refused.get(requestId);
    if (reasons !== undefined)
      return answer(ports, unreplaced, plainRefusal(['This was refused. Nothing was changed.', ...reasons]), deadline);
    if (bulk.decidedBy.has(requestId)) return goOn(ports, request, bulk, deadline);
    const decision = await decisionOf(ports, request, bulk, signal);
    if (!decision.ok) {
      const message = changeRefusal([decision.why, 'Nothing was changed.'], true);
      return refuse(ports, unreplaced, stream, [`${command.verb} ${bulkId}: ${decision.why}`], message, deadline);
    }
    // Taken: somebody else has decided meanwhile; looked at again.
    await appendAfter(ports, stream, entries.at(-1), decision.body, signal);
  }
};
