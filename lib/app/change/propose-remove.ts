import { makePlan } from '../../core/dns/plan.ts';
import { driftOf } from '../../core/dns/registered.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import type { Ports } from '../ports/ports.ts';
import { pendingLateBatch } from './pending-late-batch.ts';
import { type PlanFrame, type Proposal, readBefore, refusal } from './proposal.ts';

/** Takes a hostname out of Route 53 and of the registry. */
export const proposeRemove = async (
  ports: Ports,
  hostname: Hostname,
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  const held = pendingLateBatch(stream, hostname, ports.clock.now());
  if (held !== undefined) return refusal(held.wrong, held.right);
  const { definition, lastApplied } = stream;
  if (definition === undefined || lastApplied === undefined) {
    return refusal(`${hostname} is not registered.`, 'See the registered names:', '/postal-endpoint list');
  }
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  const drift = driftOf(hostname, lastApplied.plan.after, standing);
  if (drift.kind === 'foreign' || drift.kind === 'record-only') {
    return refusal(
      `The record of ${hostname} in Route 53 does not belong to this bot, so it is not removed.`,
      'See the record:',
      `/postal-endpoint drift ${hostname}`,
    );
  }
  const plan = makePlan({
    ...frame,
    verb: 'remove',
    hostname,
    zoneId,
    existing: standing,
    definitionBefore: definition,
  });
  return { kind: 'plan', plan, findings: [] };
};
