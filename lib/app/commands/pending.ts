import type { Deadline } from '../../core/base/deadline.ts';
import { type ChangeState, fold, isPending } from '../../core/ledger/fold.ts';
import { pendingMessage } from '../../messages/change/release-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { waitingPlans } from '../state/waiting-plans.ts';

/** Every plan that waits for a person, oldest first; of some hostnames only, where asked so. */
export const pendingChanges = async (
  { state, ledger }: Pick<Ports, 'state' | 'ledger'>,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<readonly ChangeState[]> => {
  const waiting: ChangeState[] = [];
  for (const { changeId, hostname } of await waitingPlans(state, signal)) {
    if (!of(hostname)) continue;
    const change = fold(await ledger.read(hostname, signal)).changes.get(changeId);
    if (change !== undefined && isPending(change)) waiting.push(change);
  }
  return waiting;
};

/** Tells who asks which plans wait, of the names that they may ask about. */
export const pending = (ports: Ports, request: Request<'pending'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const waiting = await pendingChanges(ports, await permitted(ports, request, deadline.signal), deadline.signal);
    return answer(ports, request, pendingMessage(waiting, ports.clock.now()), deadline);
  });
