import { makePlan } from '../../core/dns/plan.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { ChangeState, StreamState } from '../../core/ledger/fold.ts';
import type { Ports } from '../ports/ports.ts';
import { pendingLateBatch } from './pending-late-batch.ts';
import { type PlanFrame, type Proposal, readBefore, refusal } from './proposal.ts';

/**
 * The changes that can be taken back as things stand: the last applied one; and where that is an undo, so that the name is again as the change before
 * the undone one left it, that change as well.
 */
const undoable = ({ applied }: StreamState): readonly string[] => {
  const found: string[] = [];
  for (let index = applied.length - 1; index >= 0; ) {
    const change = applied[index];
    if (change === undefined) break;
    found.push(change.changeId);
    // An undo takes back what came before it, so that this ends.
    index = applied.findIndex(({ changeId }) => changeId === change.plan.undoes) - 1;
  }
  return found;
};

/**
 * The inverse of a recorded change, as a new plan. Refused when anything changed since: the change was not applied, a later one was, or Route 53 holds
 * something else than it left there. With `upTo` the later changes up to that one, which has to be the last, are undone with it.
 */
export const proposeUndo = async (
  ports: Ports,
  change: ChangeState,
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
  upTo?: string,
): Promise<Proposal> => {
  const { hostname } = change.plan;
  const name = `Change ${shortChangeId(change.changeId)} of ${hostname}`;
  const history = `/postal-endpoint history ${hostname}`;
  if (change.state !== 'applied')
    return refusal(
      `${name} was not applied (${change.state}), so there is nothing to undo.`,
      'See the history:',
      history,
    );
  const { lastApplied } = stream;
  const isMeant = upTo === undefined ? undoable(stream).includes(change.changeId) : lastApplied?.changeId === upTo;
  if (lastApplied === undefined || !isMeant) {
    const later =
      lastApplied === undefined
        ? ''
        : ` by @${lastApplied.actor.userName}, change ${shortChangeId(lastApplied.changeId)}`;
    return refusal(
      `${name} cannot be undone: the name was changed again${later}.`,
      'Undo the later change first:',
      history,
    );
  }
  const isToAbsence = change.plan.definitionBefore === undefined;
  const held = isToAbsence ? pendingLateBatch(stream, hostname, ports.clock.now()) : undefined;
  if (held !== undefined) return refusal(held.wrong, held.right);
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  if (!sameRecordSets(standing, lastApplied.plan.after)) {
    return refusal(
      `Route 53 now has different records at ${hostname} than change ${shortChangeId(lastApplied.changeId)} wrote.`,
      'See the difference:',
      `/postal-endpoint drift ${hostname}`,
    );
  }
  const plan = makePlan({
    ...frame,
    verb: 'undo',
    hostname,
    zoneId,
    existing: standing,
    definitionBefore: stream.definition,
    definitionAfter: change.plan.definitionBefore,
    undoes: { changeId: change.changeId, before: change.plan.before },
  });
  return { kind: 'plan', plan, findings: [] };
};
