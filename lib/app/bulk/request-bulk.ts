import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { bulkNeeds } from '../../core/bulk/bulk-needs.ts';
import { type BulkProposal, hostnameOf } from '../../core/bulk/bulk-proposal.ts';
import { requestedBulk } from '../../core/bulk/fold-bulk.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { printable } from '../../core/endpoint/printable.ts';
import type { BulkPart, LeftOut } from '../../core/ledger/bulk-entry.ts';
import { changeIdOf } from '../../core/ledger/change-id.ts';
import { bulkLimits } from '../../core/limits/limits.ts';
import { bulkPlanMessage, emptyBulkMessage } from '../../messages/bulk/plan-message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { answer, refuse, streamOf } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { postalRemarksOfBulk } from '../postal/postal-remarks.ts';
import { listRegistered } from '../state/directory.ts';
import { type JudgedChange, judgeChange } from './judge-change.ts';
import { type BulkRequest, readBulk, recordBulk, requestedBody } from './record-bulk.ts';
import { sharedReads } from './shared-reads.ts';
import { showBulk } from './show-bulk.ts';

/** So many names are judged at a time. */
const judgedAtOnce = 8;

const bulkIdOf = ({ receivedAt, requestId }: Request): string => changeIdOf(receivedAt, requestId);

/** What was recorded for this very request goes on, whatever the source would propose now. Undefined where nothing was. */
export const carryOnRecordedBulk = async (
  ports: Ports,
  request: Request,
  deadline: Deadline,
): Promise<Outcome | undefined> => {
  const bulk = await readBulk(ports, bulkIdOf(request), deadline.signal);
  return bulk === undefined ? undefined : showBulk(ports, request, bulk, 1, deadline);
};

/** Judges every name on its own; of a name that is proposed twice only the first counts. In the order of the proposal. */
const judgeAll = async (
  ports: Ports,
  request: Request,
  { changes }: BulkProposal,
  signal: AbortSignal,
): Promise<readonly JudgedChange[]> => {
  const shared = sharedReads(ports);
  const seen = new Set<string>();
  const judged: JudgedChange[] = [];
  await concurrently(changes.entries(), judgedAtOnce, async ([index, change]) => {
    const name = normaliseName(hostnameOf(change));
    const isRepeated = seen.has(name);
    seen.add(name);
    judged[index] = isRepeated
      ? {
          kind: 'refused',
          hostname: printable(name),
          reasons: ['hostname: It is in the list more than once. Only the first is taken.'],
        }
      : await judgeChange(shared, request, change, ports.policy.bulk.planMinutes, signal);
  });
  return judged;
};

/**
 * The way of every bulk: what was recorded for the request is carried on; else every proposed change is judged as its command would be, those that can be
 * applied are recorded as one list, and all findings are shown to whoever asked, who confirms it or not. Nothing of a proposal has to be checked before.
 */
export const requestBulk = async (
  ports: Ports,
  request: Request,
  proposal: BulkProposal,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const recorded = await carryOnRecordedBulk(ports, request, deadline);
  if (recorded !== undefined) return recorded;
  const { actor, requestId, text } = request;
  const { source, title, changes, of } = proposal;
  if (changes.length > bulkLimits.names) {
    const why = `This would change ${changes.length} names; one bulk changes at most ${bulkLimits.names}. Split it.`;
    return refuse(ports, request, streamOf(undefined), [why], plainRefusal([why, 'Nothing was changed.']), deadline);
  }
  const judged = await judgeAll(ports, request, proposal, signal);
  const parts: readonly BulkPart[] = judged.flatMap((each) => (each.kind === 'plan' ? [each.part] : []));
  const leftOut: readonly LeftOut[] = [
    ...proposal.leftOut,
    ...judged.flatMap((each, index) => {
      if (each.kind !== 'refused') return [];
      const line = changes[index]?.line;
      return [
        { what: `${line === undefined ? '' : `line ${line}: `}${each.hostname}`, reason: each.reasons.join(' ') },
      ];
    }),
  ];
  if (parts.length === 0) {
    const message = emptyBulkMessage(title, leftOut, judged.filter(({ kind }) => kind === 'nothing').length);
    const reasons = leftOut.map(({ what, reason }) => `${what}: ${reason}`);
    return leftOut.length === 0
      ? answer(ports, request, message, deadline)
      : refuse(ports, request, streamOf(undefined), reasons, message, deadline);
  }
  const plans = parts.map(({ plan }) => plan);
  const registry = new Set((await listRegistered(ports.state, signal)).map(({ definition }) => definition.hostname));
  const remarks = [...(proposal.remarks ?? []), ...(await postalRemarksOfBulk(ports, plans, signal))];
  const nowMs = ports.clock.now();
  const asked: BulkRequest = {
    bulkId: bulkIdOf(request),
    requestId,
    source,
    actor,
    text,
    title,
    expiresAt: new Date(nowMs + ports.policy.bulk.planMinutes * 60_000).toISOString(),
    needs: bulkNeeds(ports.policy, plans, {
      names: plans.length,
      registeredNames: plans.filter(({ hostname }) => registry.has(hostname)).length,
      registry: registry.size,
    }),
    leftOut,
    leftOutCount: leftOut.length,
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(proposal.breaksDelivery ? { breaksDelivery: true } : {}),
    ...(of === undefined ? {} : { of }),
  };
  if ('dryRun' in request.command && request.command.dryRun) {
    const bulk = requestedBulk(requestedBody(asked, parts, 1), parts, new Date(nowMs).toISOString());
    return answer(ports, request, bulkPlanMessage(bulk, 1, true), deadline);
  }
  return showBulk(ports, request, await recordBulk(ports, asked, parts, signal), 1, deadline);
};
