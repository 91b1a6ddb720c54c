import type { Deadline } from '../../core/base/deadline.ts';
import { carryOnRecordedBulk } from '../bulk/request-bulk.ts';
import { proposeAdopt } from '../change/propose-adopt.ts';
import { requestNamedChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { adoptMany } from './adopt-many.ts';

/** Takes over a record that someone else made, or every one that fits a pattern: it stays as it is, and gets a marker beside it. */
export const adopt = async (ports: Ports, request: Request<'adopt'>, deadline: Deadline): Promise<Outcome> => {
  if (request.command.hostname.includes('*'))
    return (await carryOnRecordedBulk(ports, request, deadline)) ?? adoptMany(ports, request, deadline);
  return requestNamedChange(
    ports,
    request,
    (hostname, ...found) => proposeAdopt(ports, hostname, request.command.changes, ...found, deadline.signal),
    deadline,
  );
};
