import { expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';

const never = new AbortController().signal;

test('stands still until it is moved', async () => {
  const clock = createManualClock('2026-03-02T14:02:00.000Z');
  const start = clock.now();
  expect(new Date(start).toISOString()).toBe('2026-03-02T14:02:00.000Z');
  await clock.advance(1500);
  expect(clock.now() - start).toBe(1500);
});

test('wakes sleepers in order, each at its own time, and those that sleep again within the same move', async () => {
  const clock = createManualClock();
  const start = clock.now();
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ...times: number[]): Promise<void> => {
    for (const time of times) {
      await clock.sleep(time, never);
      woken.push([name, clock.now() - start]);
    }
  };
  const all = Promise.all([sleeper('slow', 300), sleeper('poll', 100, 100, 200), sleeper('late', 500)]);
  await clock.untilSleeping(3);
  await clock.advance(400);
  expect(woken).toEqual([
    ['poll', 100],
    ['poll', 200],
    ['slow', 300],
    ['poll', 400],
  ]);
  expect(clock.sleepers()).toBe(1);
  await clock.advance(100);
  await all;
  expect(clock.slept).toEqual([300, 100, 500, 100, 200]);
});

test('sleep ends with the reason of its signal', async () => {
  const clock = createManualClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(1000, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await expect(clock.sleep(1, abort.signal)).rejects.toThrow('enough');
  expect(clock.sleepers()).toBe(0);
});

test('can skip sleep, and shows the time that was slept', async () => {
  const clock = createManualClock('2026-03-02T14:02:00.000Z', { skipsSleep: true });
  const start = clock.now();
  await clock.sleep(2000, never);
  expect(clock.now() - start).toBe(2000);
});

test('refuses a start that is no time', () => {
  expect(() => createManualClock('soon')).toThrow('start is soon; it must be an ISO 8601 time');
});
