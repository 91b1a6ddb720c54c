import type { Deadline } from '../../core/base/deadline.ts';
import { channelReference } from '../../core/base/slack-ids.ts';
import { verifyMessage } from '../../messages/history/verify-message.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { permitted } from '../authorise/permitted.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { readEvidence } from '../verify/evidence.ts';
import { verify } from '../verify/verify.ts';

const why = (failure: MessengerFailure, channelId: string): string => {
  switch (failure.kind) {
    case 'rate-limited':
      return `Slack asks to wait ${failure.retryAfterSeconds} s before more of the audit channel is read. Try again then.`;
    case 'unreachable':
      return `Slack did not give the messages of the audit channel (${failure.message}). Try again.`;
    case 'refused':
      return failure.code === 'not_in_channel' || failure.code === 'channel_not_found'
        ? `I am not a member of the audit channel ${channelReference(channelId)}. Invite me there with /invite.`
        : `Slack refuses to show me the audit channel ${channelReference(channelId)} (${failure.code}). An administrator has to mend that.`;
  }
};

/** Holds the history against the audit channel: of one hostname, or of all that the person may ask about. What could not be looked at is never called fine. */
export const verifyHistory = async (
  ports: Ports,
  request: Request<'history'>,
  hostname: string | undefined,
  sinceMs: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { auditChannel } = ports.policy;
  const isWanted = hostname === undefined ? await permitted(ports, request, deadline.signal) : () => true;
  const evidence = await readEvidence(
    ports,
    { channelId: auditChannel, hostname, sinceMs, isWanted },
    ports.clock.now(),
    deadline.signal,
  );
  if (!evidence.ok) {
    const lines = [
      'The history could not be verified, which says nothing about it.',
      why(evidence.failure, auditChannel),
    ];
    return answer(ports, request, plainRefusal(lines), deadline);
  }
  return answer(ports, request, verifyMessage(verify(evidence.value), hostname), deadline);
};
