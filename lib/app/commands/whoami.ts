import type { Deadline } from '../../core/base/deadline.ts';
import { whoamiMessage } from '../../messages/whoami-message.ts';
import { rightsForFresh } from '../authorise/authorise-with-groups.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** What the person may do, and by which grant. Open to all: it tells nobody anything of others. */
export const whoami = async (ports: Ports, request: Request<'whoami'>, deadline: Deadline): Promise<Outcome> => {
  const rights = await rightsForFresh(ports.policy, request.actor, ports.userGroups, deadline.signal);
  return answer(ports, request, whoamiMessage(request.actor, rights, ports.policy.version), deadline);
};
