import type { Deadline } from '../../core/base/deadline.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { carryOn } from '../change/carry-on.ts';
import { announce } from '../notify/announce.ts';
import type { Outcome, Ports } from '../ports/ports.ts';
import type { QueueMessage } from '../queue/message.ts';

/** Works a message that carries on, or announces, what the ledger already has: a change, or a bulk. */
export const carryOnMessage = async (
  ports: Ports,
  message: Extract<QueueMessage, { kind: 'resume' | 'announce' }>,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const isBulk = isBulkStream(message.hostname);
  if (message.kind === 'resume') {
    const go = isBulk ? (await import('../bulk/carry-on-bulk.ts')).carryOnBulk : carryOn;
    return go(ports, message, deliveries, deadline);
  }
  const say = isBulk ? (await import('../bulk/announce-bulk.ts')).announceBulk : announce;
  return say(ports, message, deliveries, deadline);
};
