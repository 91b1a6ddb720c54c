import type { Deadline } from '../../core/base/deadline.ts';
import { verifyMessage } from '../../messages/history/verify-message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { permitted } from '../authorise/permitted.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { readEvidence } from '../verify/evidence.ts';
import { unreadableWhy } from '../verify/unreadable-why.ts';
import { verify } from '../verify/verify.ts';

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
      unreadableWhy(evidence.failure, auditChannel),
    ];
    return answer(ports, request, plainRefusal(lines), deadline);
  }
  return answer(ports, request, verifyMessage(verify(evidence.value), hostname), deadline);
};
