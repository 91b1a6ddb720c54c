import { adoptable, adoptLine } from '../../core/dns/adoptable.ts';
import { definitionDigest } from '../../core/dns/marker.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { driftOf } from '../../core/dns/registered.ts';
import { definitionInput } from '../../core/endpoint/definition-input.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import type { CommandOf } from '../../core/grammar/command.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import { alreadyMessage } from '../../messages/change/plan-message.ts';
import type { Ports } from '../ports/ports.ts';
import { type PlanFrame, type Proposal, readBefore, refusal } from './proposal.ts';

/** Changes what is registered for a hostname; without a change it restores what has drifted. */
export const proposeUpdate = async (
  ports: Ports,
  hostname: Hostname,
  changes: CommandOf<'update'>['changes'],
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  const { definition: before, registeredBy } = stream;
  if (before === undefined || registeredBy === undefined) {
    const read = await readBefore(ports, hostname, signal);
    const judged = adoptable(hostname, read.ok ? read.value.standing : []);
    const wrong = `${hostname} is not registered, so there is nothing to update.`;
    if (judged.kind === 'no') return refusal(`${wrong} ${judged.wrong}`, judged.right);
    const isThere = judged.kind === 'yes';
    return refusal(
      wrong,
      isThere ? 'Take over what is there first:' : 'Register it:',
      isThere ? adoptLine(hostname) : `/postal-endpoint add ${hostname} …`,
    );
  }
  const { targets, ...rest } = changes;
  const checked = checkDefinition(
    { ...definitionInput(before), ...rest, ...(targets === undefined ? {} : { targets }), hostname },
    ports.policy,
    ports.profile,
  );
  if (checked.definition === undefined) return { kind: 'refused', findings: checked.findings };
  const after = checked.definition;
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  const drift = driftOf(hostname, registeredBy.plan.after, standing);
  if (drift.kind === 'foreign' || drift.kind === 'record-only') {
    return refusal(
      `The record of ${hostname} in Route 53 no longer belongs to this bot, so it is not changed.`,
      'See the record:',
      `/postal-endpoint drift ${hostname}`,
    );
  }
  if (drift.kind === 'in-sync' && definitionDigest(before) === definitionDigest(after))
    return { kind: 'nothing', message: alreadyMessage(registeredBy, true) };
  const plan = makePlan({
    ...frame,
    verb: 'update',
    hostname,
    zoneId,
    existing: standing,
    definitionBefore: before,
    definitionAfter: after,
  });
  return { kind: 'plan', plan, findings: checked.findings };
};
