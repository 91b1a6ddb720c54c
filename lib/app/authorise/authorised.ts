import type { Deadline } from '../../core/base/deadline.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { refuse, streamOf } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { authoriseFresh } from './authorise-with-groups.ts';

/** Goes on only for who may (`right`: where that is another one): a denial is recorded, and told with its reason. */
export const authorised = async (
  ports: Ports,
  request: Request,
  hostname: string | undefined,
  deadline: Deadline,
  goOn: () => Promise<Outcome>,
  right: string = request.command.verb,
): Promise<Outcome> => {
  const may = await authoriseFresh(ports.policy, request.actor, right, hostname, ports.userGroups, deadline.signal);
  if (may.allowed) return goOn();
  const message = plainRefusal([may.message, 'Nothing was changed. What you may do: /postal-endpoint whoami']);
  // A denial is for whoever was denied: it must not take the place of a message that others see, its buttons with it.
  return refuse(
    ports,
    { ...request, replaceOriginal: false },
    streamOf(undefined),
    [`${may.reason}: ${may.message}`],
    message,
    deadline,
  );
};
