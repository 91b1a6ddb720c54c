import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lane, lanesOf, type Shardable } from '../../../lib/core/watch/shards.ts';

const named = (count: number, targetsOf: (index: number) => readonly string[]): readonly Shardable[] =>
  Array.from({ length: count }, (_, index) => ({ key: `mx${index}.test`, targets: targetsOf(index) }));

const sizes = (lanes: readonly Lane[]): readonly number[] => lanes.flat().map((shard) => shard.length);

describe('lanesOf', () => {
  it('fills shards evenly', () => {
    expect(sizes(lanesOf(named(250, (index) => [`10.0.0.${index}`])))).toEqual([84, 83, 83]);
    expect(lanesOf([])).toEqual([]);
    expect(sizes(lanesOf(named(100, (index) => [`10.0.0.${index}`])))).toEqual([100]);
  });

  it('keeps endpoints that share a target together, through others too', () => {
    const chain = named(80, (index) => [`10.0.0.${index}`, `10.0.0.${index + 1}`]);
    const lanes = lanesOf([
      ...chain,
      ...named(60, (index) => [`10.0.1.${index}`]).map((one) => ({ ...one, key: `other-${one.key}` })),
    ]);
    expect(lanes.flat().filter((shard) => shard.some((key) => key.startsWith('mx')))).toHaveLength(1);
  });

  it('works more than a shard of one target one after the other', () => {
    const lanes = lanesOf(named(250, () => ['10.0.0.1']));
    expect(lanes).toHaveLength(1);
    expect(sizes(lanes)).toEqual([100, 100, 50]);
  });

  it('holds every endpoint once, at most 100 a shard, and no target in two lanes', () => {
    const endpoint = fc.array(fc.nat(60), { minLength: 0, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(endpoint, { maxLength: 400 }), fc.integer({ min: 3, max: 100 }), (all, limit) => {
        const endpoints = named(all.length, (index) => (all[index] ?? []).map((target) => `10.0.0.${target}`));
        const lanes = lanesOf(endpoints, limit);
        expect(lanes.flat(2).toSorted()).toEqual(endpoints.map(({ key }) => key).toSorted());
        expect(Math.max(0, ...sizes(lanes))).toBeLessThanOrEqual(limit);
        const targets = new Map(endpoints.map(({ key, targets: own }) => [key, own]));
        const lanesOfTarget = new Map<string, Set<number>>();
        for (const [index, lane] of lanes.entries())
          for (const target of lane.flat().flatMap((key) => targets.get(key) ?? []))
            lanesOfTarget.set(target, (lanesOfTarget.get(target) ?? new Set()).add(index));
        expect([...lanesOfTarget.values()].every((own) => own.size === 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
