import type { Clock } from '../../core/base/clock.ts';

/**
 * A token bucket: at most `burst` packets at once, and `perSecond` a second from then on. In any one second there are no more than the sum of both.
 */
export class PacketPace {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  /** When the bucket would be full again, had nobody to wait: the virtual scheduling of GCRA (ITU-T I.371). */
  #fullAtMs = Number.NEGATIVE_INFINITY;

  constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#intervalMs = 1000 / perSecond;
    this.#toleranceMs = this.#intervalMs * (burst - 1);
  }

  /** Takes a place for so many packets; milliseconds from now until the first of them may go. */
  reserve(packets: number, nowMs: number): number {
    const atMs = Math.max(nowMs, this.#fullAtMs - this.#toleranceMs);
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + packets * this.#intervalMs;
    return atMs - nowMs;
  }
}

/** Waits until so many packets may be sent; not longer than the signal lets it. */
export type Paced = (packets: number, signal: AbortSignal) => Promise<void>;

/** A pace on a clock. */
export const paced =
  (pace: PacketPace, clock: Clock): Paced =>
  async (packets, signal) => {
    const waitMs = pace.reserve(packets, clock.now());
    if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => undefined);
  };

/** For whoever probes a name at a time. */
export const unpaced: Paced = async () => undefined;
