import { type KeyObject, randomUUID } from 'node:crypto';
import type { MailServer, QueuedMessage } from './data.ts';
import type { Deliver } from './deliver.ts';
import { type Attempt, afterAttempt, attemptOf, beforeSending, nextBatch, nextDueMs } from './dequeue.ts';
import type { Pace } from './pace.ts';
import type { PostalStore } from './store.ts';
import type { Wake } from './wake.ts';
import { afterWebhook, nextWebhook, nextWebhookMs, sendWebhook, withWebhook } from './webhooks.ts';

/** As many as Postal starts unless it is told otherwise. */
const threads = 2;

export type WorkersOptions = {
  readonly store: PostalStore;
  readonly servers: readonly MailServer[];
  readonly deliver: Deliver;
  readonly webhookUrlOf: (server: MailServer) => URL;
  readonly signingKey: KeyObject;
  readonly pace: Pace;
  /** Is rung after each change of the store. */
  readonly wake: Wake;
  readonly now: () => number;
};

/** Postal's worker: each of its threads sends mail and webhooks in turn, and waits for what it sends. */
class Workers {
  readonly #on: WorkersOptions;
  readonly #signal: AbortSignal;
  readonly #messages = new Set<number>();
  readonly #webhooks = new Set<string>();

  constructor(on: WorkersOptions, signal: AbortSignal) {
    this.#on = on;
    this.#signal = signal;
  }

  async thread(): Promise<void> {
    const { store, pace, wake, now } = this.#on;
    while (!this.#signal.aborted) {
      const hasSentMail = await this.#sendBatch();
      const hasSentWebhook = await this.#sendWebhook();
      if (hasSentMail || hasSentWebhook) continue;
      const times = [nextDueMs(store.data(), this.#messages, pace), nextWebhookMs(store.data(), this.#webhooks)];
      const nextMs = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
      await wake.sleep(Number.isFinite(nextMs) ? nextMs - now() : undefined, this.#signal);
    }
  }

  async #sendBatch(): Promise<boolean> {
    const { store, pace, now } = this.#on;
    const batch = nextBatch(store.data(), this.#messages, pace, now());
    if (batch.length === 0) return false;
    for (const { id } of batch) this.#messages.add(id);
    let connectError: Attempt | undefined;
    for (const message of batch) {
      const attempt = await this.#attempt(message, connectError);
      // A session that ended with the workspace says nothing.
      if (this.#signal.aborted) return true;
      if (attempt.isConnectError) connectError = attempt;
      this.#messages.delete(message.id);
      this.#record(message, attempt);
    }
    return true;
  }

  async #attempt(message: QueuedMessage, connectError: Attempt | undefined): Promise<Attempt> {
    const { store, servers, deliver } = this.#on;
    const found = beforeSending(store.data(), servers, message);
    if ('status' in found) return found;
    const server = servers.find(({ id }) => id === message.serverId);
    if (server === undefined) throw new Error(`message ${message.id} is of mail server ${message.serverId}`);
    return connectError ?? attemptOf(await deliver(message, found, server, this.#signal));
  }

  #record(message: QueuedMessage, attempt: Attempt): void {
    const { store, pace, now } = this.#on;
    const { data, delivery } = afterAttempt(store.data(), message, attempt, pace, now());
    store.replace(withWebhook(data, delivery, message, randomUUID()));
  }

  async #sendWebhook(): Promise<boolean> {
    const { store, servers, webhookUrlOf, signingKey, pace, now } = this.#on;
    const request = nextWebhook(store.data(), this.#webhooks, now());
    const server = servers.find(({ id }) => id === request?.serverId);
    if (request === undefined || server === undefined) return false;
    const { uuid } = request;
    this.#webhooks.add(uuid);
    const isTaken = await sendWebhook(request, webhookUrlOf(server), signingKey, this.#signal);
    this.#webhooks.delete(uuid);
    // One that was cut short is sent again after the restart.
    if (!this.#signal.aborted) store.replace(afterWebhook(store.data(), uuid, isTaken, pace, now()));
    return true;
  }
}

/** Runs Postal's two threads until the signal is aborted. */
export const runWorkers = async (on: WorkersOptions, signal: AbortSignal): Promise<void> => {
  const workers = new Workers(on, signal);
  await Promise.all(Array.from({ length: threads }, () => workers.thread()));
};
