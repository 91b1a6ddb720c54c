import { type AuditFinding, auditFinding } from './finding.ts';
import type { PostalServer } from './snapshot.ts';
import { agoText, countOf } from './words.ts';

const hourMs = 3_600_000;

/** Something that concerns a mail server as a whole. */
export type ServerFinding = AuditFinding & { readonly serverId: number };

/** What is wrong with the queue of one mail server. */
export const serverFindings = (
  { id, name, deliveries, oldestLockAtMs }: PostalServer,
  nowMs: number,
): readonly ServerFinding[] => {
  const notQueued = deliveries.kind === 'read' ? deliveries.notQueued : 0;
  const isStuck = oldestLockAtMs !== null && nowMs - oldestLockAtMs > hourMs;
  return [
    ...(notQueued === 0
      ? []
      : [
          auditFinding(
            'pending-not-queued',
            `${countOf(notQueued, 'incoming message')} of ${name} ${notQueued === 1 ? 'is' : 'are'} unfinished and not in the queue: Postal will never deliver ${notQueued === 1 ? 'it' : 'them'}, and senders get no bounce.`,
            `In Postal: ${name} → Messages → Incoming, search status: pending, softfail or error, open the message → Redeliver message.`,
          ),
        ]),
    ...(isStuck
      ? [
          auditFinding(
            'stuck-lock',
            `A queued message of ${name} has been locked for ${agoText(oldestLockAtMs, nowMs)}: the worker that took it is gone. After a day Postal drops it from the queue without a delivery.`,
            `Restart Postal's workers (postal restart), then in Postal: ${name} → Messages → Queue, open the message → Redeliver message.`,
          ),
        ]
      : []),
  ].map((finding) => ({ ...finding, serverId: id }));
};
