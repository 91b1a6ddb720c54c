/** Port to what the queue has given up after too many deliveries. */
export interface DeadLetters {
  /** Up to ten, hidden from other readers for a while; an empty list if the queue is empty. */
  receive(signal: AbortSignal): Promise<readonly { readonly body: string; readonly receiptHandle: string }[]>;
  remove(receiptHandle: string, signal: AbortSignal): Promise<void>;
}
