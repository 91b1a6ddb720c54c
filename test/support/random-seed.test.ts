import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const replayOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
  return 'it did not fail';
};

describe('a property that fails', () => {
  it('names the line that plays it again', async () => {
    const sync = await replayOf(() =>
      fc.assert(
        fc.property(fc.nat(), (n) => n < 3),
        { seed: 42 },
      ),
    );
    const expected =
      'Replay: SEED=42 npx vitest run test/support/random-seed.test.ts -t "names the line that plays it again"';
    expect(sync).toBe(expected);
    const async = await replayOf(() =>
      fc.assert(
        fc.asyncProperty(fc.nat(), async (n) => n < 3),
        { seed: 42 },
      ),
    );
    expect(async).toBe(expected);
  });
});
