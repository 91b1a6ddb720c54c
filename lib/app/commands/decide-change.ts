import type { Deadline } from '../../core/base/deadline.ts';
import type { Verb } from '../../core/grammar/command.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { EntryBody } from '../../core/ledger/entry.ts';
import { type ChangeState, fold, isFinished, isPending } from '../../core/ledger/fold.ts';
import { isSamePerson } from '../../core/policy/people.ts';
import { cancelledTooLateMessage } from '../../messages/change/release-message.ts';
import { changeRefusal, plainRefusal } from '../../messages/refused-message.ts';
import { mayApproveFresh } from '../authorise/authorise-with-groups.ts';
import { authorised } from '../authorise/authorised.ts';
import { carryOn } from '../change/carry-on.ts';
import { appendAfter } from '../ledger/append.ts';
import { findChangeOrBulk } from '../ledger/find-change.ts';
import { answer, refuse } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { forgetWaitingPlan } from '../state/waiting-plans.ts';

type DecisionVerb = 'approve' | 'reject' | 'cancel';

const shortestDigest = 12;

/** Why this person may not decide so on this change now; undefined when they may. */
const objection = async (
  ports: Ports,
  { command, actor }: Request<DecisionVerb>,
  change: ChangeState,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const name = `Change ${shortChangeId(change.changeId)} of ${change.plan.hostname}`;
  if (!isPending(change)) return `${name} no longer waits for a decision: it is ${change.state}.`;
  if (ports.clock.now() > Date.parse(change.plan.expiresAt)) return `${name} has expired. Ask for it again.`;
  switch (command.verb) {
    case 'approve': {
      const { plan } = command;
      if (plan === undefined || plan.length < shortestDigest || !change.plan.digest.startsWith(plan)) {
        return `plan: ${plan === undefined ? 'the digest is missing' : `"${plan}" is not the digest of this plan`}. Press the button under the plan: it approves exactly what you saw.`;
      }
      const may = await mayApproveFresh(ports.policy, change.plan, change.actor, actor, ports.userGroups, signal);
      if (!may.allowed) return may.message;
      return change.plan.breaksDelivery === true && command.force !== true
        ? `${name} would break delivery: Postal can deliver to the current target, but not to the standby. Press the red button under the plan, or add --force.`
        : undefined;
    }
    case 'reject': {
      // Whoever could approve may reject; whoever asked cancels.
      const may = await mayApproveFresh(ports.policy, change.plan, change.actor, actor, ports.userGroups, signal);
      return may.allowed ? undefined : may.message;
    }
    case 'cancel':
      return isSamePerson(actor, change.actor)
        ? undefined
        : `${name} can be cancelled only by @${change.actor.userName}, who asked for it. An approver can reject it.`;
  }
};

/** Whoever asked for a change may confirm or withdraw it by the right by which they asked. */
const rightFor = ({ command: { verb }, actor }: Request<DecisionVerb>, change: ChangeState): Verb => {
  const isOwn = isSamePerson(actor, change.actor);
  return isOwn && (verb === 'cancel' || (verb === 'approve' && change.plan.release.kind === 'confirmation'))
    ? change.verb
    : verb;
};

const entryOf = ({ command, actor, requestId }: Request<DecisionVerb>, { changeId, plan }: ChangeState): EntryBody => {
  switch (command.verb) {
    case 'approve':
      return { kind: 'approved', changeId, requestId, by: actor, planDigest: plan.digest };
    case 'reject':
      return { kind: 'rejected', changeId, requestId, by: actor, reason: command.reason ?? '' };
    case 'cancel':
      return { kind: 'cancelled', changeId, requestId, by: actor };
  }
};

const apply = async (
  ports: Ports,
  request: Request<DecisionVerb>,
  changeId: string,
  hostname: string,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  for (;;) {
    const entries = await ports.ledger.read(hostname, signal);
    const stream = fold(entries);
    const change = stream.changes.get(changeId);
    if (change === undefined)
      return answer(ports, request, plainRefusal([`change: there is no change ${changeId}.`]), deadline);
    const known = stream.byRequestId.get(request.requestId);
    if (known !== undefined && 'refused' in known) {
      const reasons = known.refused.body.kind === 'refused' ? known.refused.body.reasons : [];
      return answer(
        ports,
        { ...request, replaceOriginal: false },
        plainRefusal(['This was refused. Nothing was changed.', ...reasons]),
        deadline,
      );
    }
    if (known === undefined) {
      const why = await objection(ports, request, change, signal);
      if (why !== undefined) {
        // Nobody else sees the message with this button, so it could not be updated after the answer.
        const cameTooLate =
          request.command.verb === 'cancel' && isFinished(change) && request.actor.userId === change.actor.userId;
        const message = cameTooLate
          ? cancelledTooLateMessage(change)
          : changeRefusal([why, 'Nothing was changed.'], true);
        const replaceOriginal = cameTooLate && request.replaceOriginal;
        return refuse(
          ports,
          { ...request, replaceOriginal },
          hostname,
          [`${request.command.verb} ${changeId}: ${why}`],
          message,
          deadline,
        );
      }
      if ((await appendAfter(ports, hostname, entries.at(-1), entryOf(request, change), signal)) === 'taken') continue;
    }
    // A button's message gives way to the answer; any other keeps its buttons until the change is settled.
    if (request.replaceOriginal) await forgetWaitingPlan(ports.state, changeId, signal);
    return carryOn(ports, { hostname, changeId, answering: request }, request.deliveries, deadline);
  }
};

/** Releases a plan that waits, or ends it. Whoever decides is recorded, also when they may not. */
export const decideChange = async (
  ports: Ports,
  request: Request<DecisionVerb>,
  deadline: Deadline,
): Promise<Outcome> => {
  const found = await findChangeOrBulk(ports, request.command.change, deadline.signal);
  if (found.ok && 'bulk' in found)
    return (await import('../bulk/decide-bulk.ts')).decideBulk(ports, request, found.bulk.bulkId, deadline);
  if (!found.ok)
    return answer(
      ports,
      { ...request, replaceOriginal: false },
      changeRefusal([found.message, 'Nothing was changed.'], true),
      deadline,
    );
  const { changeId, plan } = found.change;
  const known = fold(await ports.ledger.read(plan.hostname, deadline.signal)).byRequestId.get(request.requestId);
  const goOn = (): Promise<Outcome> => apply(ports, request, changeId, plan.hostname, deadline);
  // What was recorded for this very request goes to its end, whatever rights have become since: applying asks for them again.
  return known === undefined
    ? authorised(ports, request, plan.hostname, deadline, goOn, rightFor(request, found.change))
    : goOn();
};
