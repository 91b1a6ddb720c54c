import { describe, expect, it } from 'vitest';
import { takeLease } from '../../../lib/app/state/lease.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';

const { signal } = new AbortController();

const open = () => {
  const clock = createManualClock();
  const state = createMemoryStateStore(clock);
  return { clock, state, take: (token: string) => takeLease({ state, clock }, 'watch', 60, token, signal) };
};

describe('a lease', () => {
  it('is had by one at a time, and by the next when it was given back', async () => {
    const { take } = open();
    const first = await take('one');
    expect(await take('two')).toBeUndefined();
    await first?.release(signal);
    expect(await take('two')).toBeDefined();
  });

  it('goes to the next when it has expired', async () => {
    const { take, clock } = open();
    await take('dead');
    await clock.advance(59_000);
    expect(await take('two')).toBeUndefined();
    await clock.advance(1_000);
    expect(await take('two')).toBeDefined();
  });

  it('is not taken from the next by one that comes back late', async () => {
    const { take, clock } = open();
    const late = await take('late');
    await clock.advance(61_000);
    await take('next');
    await late?.release(signal);
    expect(await take('third')).toBeUndefined();
  });

  it('is left to expire near its end, when a release could meet the next holder', async () => {
    const { take, clock, state } = open();
    const slow = await take('slow');
    await clock.advance(56_000);
    await slow?.release(signal);
    expect(await state.get('leases', 'watch', signal)).toBeDefined();
  });

  it('is given back by its own token alone', async () => {
    const { take, state } = open();
    const mine = await take('mine');
    await state.put({ collection: 'leases', key: 'watch', value: { token: 'theirs' } }, false, signal);
    await mine?.release(signal);
    expect(await take('third')).toBeUndefined();
  });
});
