import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketPace, paced } from '../../../lib/adapters/dns/packet-pace.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const { signal } = new AbortController();

describe('a pace', () => {
  it('lets a burst go at once, and what comes then one after the other', () => {
    const pace = new PacketPace({ perSecond: 10, burst: 3 });
    expect([1, 2, 3, 4, 5].map(() => pace.reserve(1, 1000))).toEqual([0, 0, 0, 100, 200]);
  });

  it('is full again after a while, and never fuller', () => {
    const pace = new PacketPace({ perSecond: 10, burst: 2 });
    for (let packet = 0; packet < 2; packet += 1) pace.reserve(1, 0);
    expect([1, 2, 3].map(() => pace.reserve(1, 60_000))).toEqual([0, 0, 100]);
  });

  it('never lets more go in a second than a burst and a second together', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), packets: fc.integer({ min: 1, max: 6 }) })),
        (asked) => {
          const pace = new PacketPace({ perSecond: 20, burst: 6 });
          let nowMs = 0;
          const sent = asked.flatMap(({ afterMs, packets }) => {
            nowMs += afterMs;
            const atMs = nowMs + pace.reserve(packets, nowMs);
            return Array.from({ length: packets }, () => atMs);
          });
          // Those of one question go together, so that the last of them may be ahead of its time by the others.
          for (const from of sent)
            expect(sent.filter((atMs) => atMs >= from && atMs < from + 1000).length).toBeLessThanOrEqual(26 + 5);
        },
      ),
    );
  });

  it('waits on the clock, and no longer than it may', async () => {
    const clock = createManualClock(undefined, { skipsSleep: true });
    const wait = paced(new PacketPace({ perSecond: 10, burst: 1 }), clock);
    const before = clock.now();
    for (let packet = 0; packet < 3; packet += 1) await wait(1, signal);
    expect(clock.now() - before).toBe(200);
    await wait(1, AbortSignal.abort());
    expect(clock.now() - before).toBeLessThanOrEqual(300);
  });
});
