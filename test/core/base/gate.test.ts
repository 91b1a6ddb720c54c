import { expect, it } from 'vitest';
import { gate } from '../../../lib/core/base/gate.ts';

it('lets so many through at a time, in order, and goes on after a failure', async () => {
  const pass = gate(2);
  const opened: (() => void)[] = [];
  const begun: number[] = [];
  const works = Array.from({ length: 5 }, (_, index) =>
    pass(async () => {
      begun.push(index);
      await new Promise<void>((resolve) => opened.push(resolve));
      if (index === 1) throw new Error('fails');
      return index;
    }),
  );
  const settled = Promise.allSettled(works);
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise(setImmediate);
    expect(begun.length - turn).toBeLessThanOrEqual(2);
    opened[turn]?.();
  }
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});
