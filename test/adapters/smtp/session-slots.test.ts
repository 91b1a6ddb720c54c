import { describe, expect, it } from 'vitest';
import { SessionSlots } from '../../../lib/adapters/smtp/session-slots.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
const held = () => {
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => over, end: () => end() };
};

describe('SessionSlots', () => {
  it('lets the next one in, in order, when one is done', async () => {
    const slots = new SessionSlots(1);
    const order: string[] = [];
    const first = held();
    const running = [
      slots.run('a', first.work, never),
      slots.run('a', async () => void order.push('second'), never),
      slots.run('a', async () => void order.push('third'), never),
      slots.run('b', async () => void order.push('another key'), never),
    ];
    await running[3];
    expect(order).toEqual(['another key']);
    first.end();
    await Promise.all(running);
    expect(order).toEqual(['another key', 'second', 'third']);
  });

  it('frees the slot of work that fails', async () => {
    const slots = new SessionSlots(1);
    await expect(slots.run('a', () => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
    expect(await slots.run('a', async () => 'next', never)).toBe('next');
  });

  it('gives up waiting when the signal aborts, without costing a slot', async () => {
    const slots = new SessionSlots(1);
    const first = held();
    const running = slots.run('a', first.work, never);
    const waiter = new AbortController();
    const waiting = slots.run('a', async () => 'ran', waiter.signal);
    waiter.abort();
    expect(await waiting).toBeUndefined();
    expect(await slots.run('a', async () => 'ran', AbortSignal.abort())).toBeUndefined();
    first.end();
    await running;
    expect(await slots.run('a', async () => 'ran', never)).toBe('ran');
  });
});
