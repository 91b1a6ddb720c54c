import { adoptable, adoptLine } from '../../core/dns/adoptable.ts';
import { definitionDigest } from '../../core/dns/marker.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import type { ChangeState, StreamState } from '../../core/ledger/fold.ts';
import { checkExisting } from '../../core/validation/surroundings.ts';
import { alreadyMessage } from '../../messages/change/plan-message.ts';
import { definitionText } from '../../messages/change/record-lines.ts';
import type { Ports } from '../ports/ports.ts';
import { type PlanFrame, type Proposal, readBefore } from './proposal.ts';

/** Someone was first: who, when, and with what. */
const takenBy = ({ actor, requestedAt, plan }: ChangeState, now: Definition): Finding => ({
  id: 'conflicting-record',
  severity: 'block',
  argument: 'hostname',
  wrong: `${plan.hostname} is registered already, by @${actor.userName}, ${requestedAt.slice(0, 16).replace('T', ' ')} UTC: ${definitionText(now)}.`,
  right: 'Nothing was overwritten. Change it with update, choose another name, or look at that one:',
});

/** What to do with a valid definition, compared with the ledger and against Route 53. */
export const proposeAdd = async (
  ports: Ports,
  definition: Definition,
  warned: readonly Finding[],
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  const { hostname } = definition;
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  if (stream.definition !== undefined && stream.registeredBy !== undefined) {
    if (definitionDigest(stream.definition) !== definitionDigest(definition)) {
      return {
        kind: 'refused',
        findings: [takenBy(stream.registeredBy, stream.definition)],
        corrected: `/postal-endpoint show ${hostname}`,
      };
    }
    return {
      kind: 'nothing',
      message: alreadyMessage(stream.registeredBy, sameRecordSets(standing, stream.registeredBy.plan.after)),
    };
  }
  return {
    kind: 'plan',
    plan: makePlan({ ...frame, verb: 'add', hostname, zoneId, existing: standing, definitionAfter: definition }),
    findings: [...warned, ...checkExisting(hostname, standing)],
    ...(adoptable(hostname, standing).kind === 'yes' ? { instead: adoptLine(hostname) } : {}),
  };
};
