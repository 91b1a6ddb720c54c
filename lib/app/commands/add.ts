import type { Deadline } from '../../core/base/deadline.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { addCommandLine } from '../../core/grammar/add-command-line.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import { refusedMessage } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import type { PlanFrame, Proposal } from '../change/proposal.ts';
import { proposeAdd } from '../change/propose-add.ts';
import { carryOnRecorded, reasonsOf, requestChange } from '../change/request-change.ts';
import { answer, refuse, streamOf } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

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
      proposeAdd(ports, definition, findings, stream, frame, deadline.signal);
    return requestChange(ports, request, definition.hostname, look, deadline);
  });
};
