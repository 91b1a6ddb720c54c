import type { Deadline } from '../deadline.ts';
import { grantsFor } from '../policy/authorise.ts';
import { whoamiMessage } from '../slack/messages/whoami-message.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

/** What the person may do, and by which grant. Open to all: it tells nobody anything of others. */
export const whoami = (ports: Ports, request: Request<'whoami'>, deadline: Deadline): Promise<Outcome> =>
  answer(ports, request, whoamiMessage(request.actor, grantsFor(ports.policy, request.actor), ports.policy.version), deadline);
