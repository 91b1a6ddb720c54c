import type { Clock } from '../../core/base/clock.ts';
import { bulkRate } from '../../core/limits/limits.ts';

/** How fast bulks may use Route 53. */
export type Route53Pace = {
  /** Waits until a request with so many record changes may be sent, and counts it. */
  wait(recordChanges: number, signal: AbortSignal): Promise<void>;
};

/** A pace that keeps below both of the shares that bulks have of Route 53's limits: requests, and record changes. What is sent delays what comes next. */
export const route53Pace = (clock: Clock): Route53Pace => {
  let nextAtMs = 0;
  return {
    wait: async (recordChanges, signal) => {
      const nowMs = clock.now();
      const atMs = Math.max(nowMs, nextAtMs);
      const seconds = Math.max(1 / bulkRate.requests, recordChanges / bulkRate.recordChanges);
      nextAtMs = atMs + seconds * 1000;
      if (atMs > nowMs) await clock.sleep(atMs - nowMs, signal);
    },
  };
};
