import type { Deadline } from '../../core/base/deadline.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { driftOf } from '../../core/dns/registered.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import { pendingLateBatch } from '../change/pending-late-batch.ts';
import { type Proposal, readBefore, refusal } from '../change/proposal.ts';
import { ofHostname, type PlanFrame, requestChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

const propose = async (
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
    return refusal(`${hostname} is not registered.`, 'What is registered:', '/postal-endpoint list');
  }
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  const drift = driftOf(hostname, lastApplied.plan.after, standing);
  if (drift.kind === 'foreign' || drift.kind === 'record-only') {
    return refusal(
      `What stands at ${hostname} in Route 53 is not this bot's, so it is not removed.`,
      'See what it is:',
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

/** Takes a hostname out of Route 53 and of the registry. */
export const remove = (ports: Ports, request: Request<'remove'>, deadline: Deadline): Promise<Outcome> =>
  ofHostname(ports, request, request.command.hostname, deadline, (hostname) =>
    requestChange(
      ports,
      request,
      hostname,
      (stream, frame) => propose(ports, hostname, stream, frame, deadline.signal),
      deadline,
    ),
  );
