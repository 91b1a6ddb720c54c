import type { QueueMessage } from '../queue/message.ts';

/** Port to the FIFO queue between front and worker. Throws `QueueUnavailable` on outage. */
export interface CommandQueue {
  /** The message group and the deduplication id follow from the message itself. */
  send(message: QueueMessage, signal: AbortSignal): Promise<void>;
  /** Makes a received message visible again after `seconds`: the back-off of a worker that could not go on. */
  retryIn(receiptHandle: string, seconds: number, signal: AbortSignal): Promise<void>;
}

export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
}
