import type { Deadline } from '../../core/base/deadline.ts';
import { proposeUpdate } from '../change/propose-update.ts';
import { requestNamedChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Changes what is registered for a hostname; without a change it restores what has drifted. */
export const update = (ports: Ports, request: Request<'update'>, deadline: Deadline): Promise<Outcome> =>
  requestNamedChange(
    ports,
    request,
    (hostname, ...found) => proposeUpdate(ports, hostname, request.command.changes, ...found, deadline.signal),
    deadline,
  );
