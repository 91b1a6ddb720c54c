import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../lib/core/base/clock.ts';

type Sleeper = { readonly wakeAt: number; readonly wake: () => void };

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on by so many milliseconds; whoever sleeps until then wakes in order, each at its own time, and may sleep again. */
  advance(milliseconds: number): Promise<void>;
  /** How many sleep now. */
  sleepers(): number;
  /** Resolves once at least so many sleep. */
  untilSleeping(count?: number): Promise<void>;
  /** Every sleep asked for so far, in milliseconds. */
  readonly slept: readonly number[];
}

/** Makes a clock that shows `start` (ISO 8601). With `skipsSleep` a sleep takes no time: it moves the clock by itself. */
export const createManualClock = (start = '2026-03-02T14:02:00.000Z', { skipsSleep = false } = {}): ManualClock => {
  let now = Date.parse(start);
  if (Number.isNaN(now)) throw new RangeError(`start is ${start}; it must be an ISO 8601 time`);
  let sleepers: Sleeper[] = [];
  let watchers: (() => void)[] = [];
  const slept: number[] = [];

  const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      slept.push(milliseconds);
      if (skipsSleep) {
        now += Math.max(0, milliseconds);
        return resolve();
      }
      const abort = () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { wakeAt: now + milliseconds, wake };
      sleepers.push(sleeper);
      signal.addEventListener('abort', abort, { once: true });
      const waiting = watchers;
      watchers = [];
      for (const notify of waiting) notify();
    });

  return {
    now: () => now,
    sleep,
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      for (;;) {
        const next = sleepers.toSorted((left, right) => left.wakeAt - right.wakeAt)[0];
        if (next === undefined || next.wakeAt > until) break;
        sleepers = sleepers.filter((other) => other !== next);
        now = Math.max(now, next.wakeAt);
        next.wake();
        await setImmediate();
      }
      now = until;
    },
    sleepers: () => sleepers.length,
    untilSleeping: async (count = 1) => {
      while (sleepers.length < count) await new Promise<void>((notify) => watchers.push(notify));
    },
    slept,
  };
};
