import { expect, it } from 'vitest';
import { route53Pace } from '../../../lib/app/bulk/route53-pace.ts';
import { bulkRate } from '../../../lib/core/limits/limits.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const { signal } = new AbortController();

it('lets the first request through, and each next one when the share of requests has room again', async () => {
  const clock = createManualClock(undefined, { skipsSleep: true });
  const pace = route53Pace(clock);
  for (let request = 0; request < 3; request += 1) await pace.wait(0, signal);
  expect(clock.slept).toEqual([1000 / bulkRate.requests, 1000 / bulkRate.requests]);
  await clock.advance(60_000);
  await pace.wait(0, signal);
  expect(clock.slept).toHaveLength(2);
});

it('holds back what follows a batch for as long as its record changes want', async () => {
  const clock = createManualClock();
  const pace = route53Pace(clock);
  await pace.wait(500, signal);
  let isThrough = false;
  const next = pace.wait(0, signal).then(() => {
    isThrough = true;
  });
  await clock.untilSleeping();
  const wantedMs = (500 / bulkRate.recordChanges) * 1000;
  await clock.advance(wantedMs - 1);
  expect(isThrough).toBe(false);
  await clock.advance(1);
  await next;
  expect(isThrough).toBe(true);
});
