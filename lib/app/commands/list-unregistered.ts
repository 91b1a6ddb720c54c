import type { Deadline } from '../../core/base/deadline.ts';
import type { EndpointFilter } from '../../core/filter/endpoint-filter.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { unregisteredMessage } from '../../messages/unregistered-message.ts';
import { permitted } from '../authorise/permitted.ts';
import { chooseUnregistered } from '../filter/choose-unregistered.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Names in the zones that nobody registered, of those that the person may list. */
export const listUnregistered = async (
  ports: Ports,
  request: Request<'list'>,
  filter: EndpointFilter,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const chosen = await chooseUnregistered(ports, filter, await permitted(ports, request, signal), signal);
  const message = chosen.ok
    ? unregisteredMessage({ ...chosen, page: request.command.page, filter })
    : plainRefusal(chosen.lines);
  return answer(ports, request, message, deadline);
};
