import type { Deadline } from '../../core/base/deadline.ts';
import { proposeAdopt } from '../change/propose-adopt.ts';
import { requestNamedChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Takes over a record that someone else made: it stays as it is, and gets a marker beside it. */
export const adopt = (ports: Ports, request: Request<'adopt'>, deadline: Deadline): Promise<Outcome> =>
  requestNamedChange(
    ports,
    request,
    (hostname, ...found) => proposeAdopt(ports, hostname, request.command.changes, ...found, deadline.signal),
    deadline,
  );
