import type { Deadline } from '../../core/base/deadline.ts';
import { whoamiMessage } from '../../messages/whoami-message.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { rightsForFresh } from './authorise-with-groups.ts';
import { answer } from './reply.ts';

/** What the person may do, and by which grant. Open to all: it tells nobody anything of others. */
export const whoami = async (ports: Ports, request: Request<'whoami'>, deadline: Deadline): Promise<Outcome> => {
  const rights = await rightsForFresh(ports.policy, request.actor, ports.userGroups, deadline.signal);
  return answer(ports, request, whoamiMessage(request.actor, rights, ports.policy.version), deadline);
};
