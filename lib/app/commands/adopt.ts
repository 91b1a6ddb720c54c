import type { Deadline } from '../../core/base/deadline.ts';
import { proposeAdopt } from '../change/propose-adopt.ts';
import { ofHostname, requestChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Takes over a record that someone else made: it stays as it is, and gets a marker beside it. */
export const adopt = (ports: Ports, request: Request<'adopt'>, deadline: Deadline): Promise<Outcome> =>
  ofHostname(ports, request, request.command.hostname, deadline, (hostname) =>
    requestChange(
      ports,
      request,
      hostname,
      (stream, frame) => proposeAdopt(ports, hostname, request.command.changes, stream, frame, deadline.signal),
      deadline,
    ),
  );
