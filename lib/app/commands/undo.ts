import type { Deadline } from '../../core/base/deadline.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { proposeUndo } from '../change/propose-undo.ts';
import { carryOnRecorded, requestChange } from '../change/request-change.ts';
import { findChange } from '../ledger/find-change.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Takes an applied change back. */
export const undo = async (ports: Ports, request: Request<'undo'>, deadline: Deadline): Promise<Outcome> => {
  const found = await findChange(ports, request.command.change, deadline.signal);
  if (!found.ok) return answer(ports, request, plainRefusal([found.message, 'Nothing was changed.']), deadline);
  const { change } = found;
  const recorded = await carryOnRecorded(ports, request, change.plan.hostname, deadline);
  if (recorded !== undefined) return recorded;
  return authorised(ports, request, change.plan.hostname, deadline, () =>
    requestChange(
      ports,
      request,
      change.plan.hostname,
      (stream, frame) => proposeUndo(ports, change, stream, frame, deadline.signal),
      deadline,
    ),
  );
};
