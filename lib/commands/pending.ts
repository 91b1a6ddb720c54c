import type { Deadline } from '../deadline.ts';
import { type ChangeState, fold, isPending } from '../ledger/fold.ts';
import { pendingMessage } from '../slack/messages/release-message.ts';
import { authorised } from './authorised.ts';
import { waitingPlans } from './change/release-posts.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

/** Every plan that waits for a person, oldest first. */
export const pending = (ports: Ports, request: Request<'pending'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const waiting: ChangeState[] = [];
    for (const { changeId, hostname } of await waitingPlans(ports.state, deadline.signal)) {
      const change = fold(await ports.ledger.read(hostname, deadline.signal)).changes.get(changeId);
      if (change !== undefined && isPending(change)) waiting.push(change);
    }
    return answer(ports, request, pendingMessage(waiting, ports.clock.now()), deadline);
  });
