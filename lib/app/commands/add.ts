import type { Deadline } from '../../core/base/deadline.ts';
import { adoptable, adoptLine } from '../../core/dns/adoptable.ts';
import { definitionDigest } from '../../core/dns/marker.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { addCommandLine } from '../../core/grammar/add-command-line.ts';
import type { ChangeState, StreamState } from '../../core/ledger/fold.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import { checkExisting } from '../../core/validation/surroundings.ts';
import { alreadyMessage } from '../../messages/change/plan-message.ts';
import { definitionText } from '../../messages/change/record-lines.ts';
import { refusedMessage } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { type Proposal, readBefore } from '../change/proposal.ts';
import { carryOnRecorded, type PlanFrame, reasonsOf, requestChange } from '../change/request-change.ts';
import { answer, refuse, streamOf } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Someone was first: who, when, and with what. */
const takenBy = ({ actor, requestedAt, plan }: ChangeState, now: Definition): Finding => ({
  id: 'conflicting-record',
  severity: 'block',
  argument: 'hostname',
  wrong: `${plan.hostname} is registered already, by @${actor.userName}, ${requestedAt.slice(0, 16).replace('T', ' ')} UTC: ${definitionText(now)}.`,
  right: 'Nothing was overwritten. Change it with update, choose another name, or look at that one:',
});

/** What to do with a valid definition, held against the ledger and against Route 53. */
const propose = async (
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

/** Registers a hostname: authorise → rules → surroundings → plan → ledger → Route 53 → probe → answer → announce. */
export const add = async (ports: Ports, request: Request<'add'>, deadline: Deadline): Promise<Outcome> => {
  const { definition: input, dryRun } = request.command;
  const parsed = parseHostname(input.hostname);
  const name =
    'hostname' in parsed && zoneOf(parsed.hostname, ports.policy.zones) !== undefined ? parsed.hostname : undefined;
  const recorded = name === undefined ? undefined : await carryOnRecorded(ports, request, name, deadline);
  if (recorded !== undefined) return recorded;
  return authorised(ports, request, name, deadline, () => {
    const checked = checkDefinition(input, ports.policy, ports.profile);
    const { definition, findings } = checked;
    if (definition === undefined) {
      const message = refusedMessage(
        'add',
        findings,
        checked.corrected === undefined ? undefined : addCommandLine(checked.corrected),
      );
      return dryRun
        ? answer(ports, request, message, deadline)
        : refuse(ports, request, streamOf(name), reasonsOf(findings), message, deadline);
    }
    const look = (stream: StreamState, frame: PlanFrame): Promise<Proposal> =>
      propose(ports, definition, findings, stream, frame, deadline.signal);
    return requestChange(ports, request, definition.hostname, look, deadline);
  });
};
