import type { Deadline } from '../../core/base/deadline.ts';
import { proposeRemove } from '../change/propose-remove.ts';
import { requestNamedChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Takes a hostname out of Route 53 and of the registry. */
export const remove = (ports: Ports, request: Request<'remove'>, deadline: Deadline): Promise<Outcome> =>
  requestNamedChange(ports, request, (...found) => proposeRemove(ports, ...found, deadline.signal), deadline);
