import type { Deadline } from '../deadline.ts';
import { rightsForFresh } from '../policy/authorise-with-groups.ts';
import { whoamiMessage } from '../slack/messages/whoami-message.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

/** What the person may do, and by which grant. Open to all: it tells nobody anything of others. */
export const whoami = async (ports: Ports, request: Request<'whoami'>, deadline: Deadline): Promise<Outcome> => {
  const rights = await rightsForFresh(ports.policy, request.actor, ports.userGroups, deadline.signal);
  return answer(ports, request, whoamiMessage(request.actor, rights, ports.policy.version), deadline);
};
