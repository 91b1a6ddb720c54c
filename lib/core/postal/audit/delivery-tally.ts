import {
  type DeliveryFacts,
  type DeliveryWindow,
  deliveryWindows,
  type LastFailure,
  type StatusCounts,
} from './snapshot.ts';
import { withoutAddresses } from './without-addresses.ts';

/** One row of `deliveries`, joined with its incoming message. */
export type Delivery = {
  readonly id: number;
  readonly messageId: number;
  readonly serverId: number;
  readonly endpointId: number;
  readonly status: string;
  readonly details: string | null;
  readonly output: string | null;
  readonly isEncrypted: boolean;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
};

const hourMs = 3_600_000;
/** Two attempts of one message, or two messages refused for good: one greylisted or refused message is no outage. */
export const failuresOfFailing = 2;

const failedStatuses: readonly string[] = ['SoftFail', 'HardFail', 'Error'];
const windows = Object.entries(deliveryWindows) as readonly (readonly [DeliveryWindow, number])[];

type Failure = { readonly atMs: number; readonly message: string; readonly isFinal: boolean };

/** The deliveries of one endpoint so far. */
class EndpointTally {
  #lastSentAtMs: number | null = null;
  #sentPlaintext = 0;
  #lastFailure: { readonly atMs: number; readonly id: number; readonly failure: LastFailure } | undefined;
  /** Those after the newest `Sent`. */
  #failures: Failure[] = [];
  readonly #counts: Record<DeliveryWindow, Record<string, number>> = { '1h': {}, '24h': {}, '72h': {} };

  add(delivery: Delivery, nowMs: number): void {
    const { status, atMs } = delivery;
    for (const [window, hours] of windows) {
      const counts = this.#counts[window];
      if (atMs > nowMs - hours * hourMs) counts[status] = (counts[status] ?? 0) + 1;
    }
    if (status === 'Sent') this.#addSent(delivery);
    else if (failedStatuses.includes(status)) this.#addFailure(delivery);
  }

  #addSent({ atMs, isEncrypted }: Delivery): void {
    if (!isEncrypted) this.#sentPlaintext += 1;
    if (this.#lastSentAtMs !== null && atMs <= this.#lastSentAtMs) return;
    this.#lastSentAtMs = atMs;
    this.#failures = this.#failures.filter((failure) => failure.atMs > atMs);
  }

  #addFailure({ id, serverId, messageId, status, details, output, atMs }: Delivery): void {
    const last = this.#lastFailure;
    if (last === undefined || atMs > last.atMs || (atMs === last.atMs && id > last.id)) {
      const clean = (text: string | null): string | null => (text === null ? null : withoutAddresses(text));
      this.#lastFailure = { atMs, id, failure: { status, details: clean(details), output: clean(output) } };
    }
    if (this.#lastSentAtMs === null || atMs > this.#lastSentAtMs)
      this.#failures.push({ atMs, message: `${serverId}:${messageId}`, isFinal: status === 'HardFail' });
  }

  facts(): DeliveryFacts {
    const attempts = new Map<string, number>();
    const refused = new Set<string>();
    let firstMs = Number.POSITIVE_INFINITY;
    for (const { atMs, message, isFinal } of this.#failures) {
      attempts.set(message, (attempts.get(message) ?? 0) + 1);
      if (isFinal) refused.add(message);
      firstMs = Math.min(firstMs, atMs);
    }
    const failingNow =
      refused.size >= failuresOfFailing || [...attempts.values()].some((count) => count >= failuresOfFailing);
    const counts: Readonly<Record<DeliveryWindow, StatusCounts>> = this.#counts;
    return {
      lastSentAtMs: this.#lastSentAtMs,
      failingNow,
      failingSinceMs: failingNow ? firstMs : null,
      sentPlaintext: this.#sentPlaintext,
      lastFailure: this.#lastFailure?.failure ?? null,
      ...(this.#lastFailure === undefined ? {} : { lastFailureAtMs: this.#lastFailure.atMs }),
      counts,
    };
  }
}

/**
 * Adds up deliveries by endpoint as they are read, so that nobody has to hold three days of them. Failing is decided here: after the newest `Sent` of the window
 * one message failed at least twice (SoftFail, HardFail or Error), or at least two messages failed for good (HardFail).
 */
export class DeliveryTally {
  readonly #nowMs: number;
  readonly #endpoints = new Map<number, EndpointTally>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** Takes deliveries in any order; those before the window are left out. */
  add(delivery: Delivery): void {
    if (delivery.atMs <= windowStartMs(this.#nowMs)) return;
    const known = this.#endpoints.get(delivery.endpointId);
    const tally = known ?? new EndpointTally();
    if (known === undefined) this.#endpoints.set(delivery.endpointId, tally);
    tally.add(delivery, this.#nowMs);
  }

  /** By endpoint id. */
  facts(): ReadonlyMap<number, DeliveryFacts> {
    return new Map([...this.#endpoints].map(([id, tally]) => [id, tally.facts()]));
  }
}

/** Where the window of 72 h begins; milliseconds since the epoch. */
export const windowStartMs = (nowMs: number): number => nowMs - deliveryWindows['72h'] * hourMs;
