import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inChunks } from '../../../lib/core/bulk/chunks.ts';
import { jsonOctets } from '../../../lib/core/limits/octets.ts';

describe('chunks', () => {
  it('keep order and size, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 40, max: 400 }), (items, octets) => {
        const chunks = inChunks(items, octets);
        expect(chunks.flat()).toEqual(items);
        for (const chunk of chunks) expect(chunk.length === 1 || jsonOctets(chunk) - 1 <= octets).toBe(true);
      }),
      { seed: 14 },
    );
  });

  it('are as few as fit: the next item had no room in the chunk before', () => {
    const sizeOf = (items: readonly string[]): number => items.reduce((sum, item) => sum + jsonOctets(item) + 1, 0);
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 40, max: 400 }), (items, octets) => {
        const chunks = inChunks(items, octets);
        for (const [index, chunk] of chunks.entries()) {
          const [next] = chunks[index + 1] ?? [];
          if (next !== undefined) expect(sizeOf([...chunk, next])).toBeGreaterThan(octets);
        }
      }),
      { seed: 15 },
    );
  });

  it('are none of nothing', () => expect(inChunks([], 100)).toEqual([]));
});
