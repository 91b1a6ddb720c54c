import { setTimeout } from 'node:timers/promises';
import { Route53ServiceException } from '@aws-sdk/client-route-53';
import { backoffMs } from '../../core/base/backoff.ts';
import type { Clock } from '../../core/base/clock.ts';
import { isPassing, type ZoneResult } from '../../core/dns/zone-reading.ts';
import { toZoneFailure } from './route53-failure.ts';

const defaultReadDeadlineMs = 5_000;
const readAttemptsMaximum = 3;
const readBackoffBaseMs = 200;
const readBackoffCapMs = 2_000;

export type Route53ReadOptions = {
  /** Waits between the attempts of a read. */
  readonly clock?: Pick<Clock, 'sleep'>;
  /** 0 to 1, for the jitter between the attempts of a read. */
  readonly random?: () => number;
  /** How long one attempt of a read waits for its answer; default 5 s. */
  readonly readDeadlineMs?: number;
};

const systemSleep: Pick<Clock, 'sleep'> = {
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
};

/** Carries out one call under its own deadline; what the deadline ended says so, for the SDK says only that it was aborted. */
export const within = async <Value>(
  deadlineMs: number,
  signal: AbortSignal,
  call: (abortSignal: AbortSignal) => Promise<Value>,
): Promise<Value> => {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await call(AbortSignal.any([signal, deadline]));
  } catch (cause) {
    if (cause instanceof Route53ServiceException || !(deadline.aborted || signal.aborted)) throw cause;
    throw new Error(
      signal.aborted ? 'the caller stopped waiting for Route 53' : `Route 53 did not answer within ${deadlineMs} ms`,
    );
  }
};

/** Reads from Route 53, up to 3 times, with jitter between. */
export const createRoute53Read = ({
  clock = systemSleep,
  random = Math.random,
  readDeadlineMs = defaultReadDeadlineMs,
}: Route53ReadOptions): (<Value>(
  call: (abortSignal: AbortSignal) => Promise<Value>,
  signal: AbortSignal,
) => Promise<ZoneResult<Value>>) => {
  return async (call, signal) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { ok: true, value: await within(readDeadlineMs, signal, call) };
      } catch (error) {
        const failure = toZoneFailure(error);
        if (signal.aborted || attempt >= readAttemptsMaximum || !isPassing(failure)) return { ok: false, failure };
        try {
          await clock.sleep(backoffMs(attempt, readBackoffBaseMs, readBackoffCapMs, random), signal);
        } catch {
          return { ok: false, failure };
        }
      }
    }
  };
};
