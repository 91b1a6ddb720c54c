import type { ChangeState } from '../../core/ledger/fold.ts';
import { closedReleaseMessage } from '../../messages/change/release-message.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetWaitingPlan, waitingPlan } from '../state/waiting-plans.ts';

/** Where approvers were asked, the buttons give way to what happened to it. */
export const closeRelease = async (ports: Ports, change: ChangeState, signal: AbortSignal): Promise<void> => {
  const waiting = await waitingPlan(ports.state, change.changeId, signal);
  if (waiting === undefined) return;
  if (waiting.post !== undefined) {
    const edited = await ports.messenger.edit(
      waiting.post.channelId,
      waiting.post.ts,
      closedReleaseMessage(change),
      signal,
    );
    if (!edited.ok)
      ports.log.warn('the message that asked for a release could not be closed', {
        changeId: change.changeId,
        failure: edited.failure,
      });
  }
  await forgetWaitingPlan(ports.state, change.changeId, signal);
};
