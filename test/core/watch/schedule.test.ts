import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { dueEndpoints, tickMs } from '../../../lib/core/watch/schedule.ts';

const rules = watchRulesSchema.parse({});
const intervalMs = rules.intervalSeconds * 1000;
const startMs = Date.parse('2026-03-02T00:00:00Z');

/** When an endpoint is looked at, if watch runs every minute but so much late, and not at all at some. */
const looks = (
  hostname: string,
  lateMs: readonly (number | undefined)[],
  isInDoubt = false,
  interval = rules,
): readonly number[] => {
  const at: number[] = [];
  for (const [minute, late] of lateMs.entries()) {
    if (late === undefined) continue;
    const nowMs = startMs + minute * tickMs + late;
    const lastAtMs = at.at(-1);
    if (
      dueEndpoints([{ hostname, isInDoubt, ...(lastAtMs === undefined ? {} : { lastAtMs }) }], interval, nowMs).length >
      0
    )
      at.push(nowMs);
  }
  return at;
};

const gaps = (at: readonly number[]): readonly number[] => at.slice(1).map((atMs, index) => atMs - (at[index] ?? 0));
const punctual = (minutes: number): readonly number[] => Array.from({ length: minutes }, () => 0);

describe('due', () => {
  it('looks at a new endpoint at once, then comes to its turn by ever shorter steps, then keeps the interval', () => {
    for (const hostname of ['a.test', 'b.test', 'c.test', 'd.test', 'e.test', 'f.test']) {
      const at = looks(hostname, punctual(60));
      expect(at[0]).toBe(startMs);
      expect(
        gaps(at)
          .slice(0, 4)
          .every((gap) => gap === intervalMs || gap === intervalMs - tickMs),
      ).toBe(true);
      expect(
        gaps(at)
          .slice(5)
          .every((gap) => gap === intervalMs),
      ).toBe(true);
    }
  });

  it('spreads the load over the minutes of the interval', () => {
    const turns = Array.from(
      { length: 500 },
      (_, index) => ((looks(`mx${index}.test`, punctual(60)).at(-1) ?? 0) / tickMs) % 5,
    );
    for (const turn of [0, 1, 2, 3, 4]) expect(turns.filter((each) => each === turn).length).toBeGreaterThan(60);
  });

  it('looks a minute earlier while a state is in doubt', () => {
    expect(gaps(looks('a.test', punctual(30), true)).every((gap) => gap === intervalMs - tickMs)).toBe(true);
  });

  it('looks as soon as it can after a run that came late', () => {
    const at = looks('a.test', [0, ...Array.from({ length: 11 }, () => undefined), 0, ...punctual(20)]);
    expect(at[1]).toBe(startMs + 12 * tickMs);
    expect(Math.max(...gaps(at).slice(1))).toBeLessThanOrEqual(intervalMs);
  });

  const lateness = fc.array(
    fc.oneof({ weight: 20, arbitrary: fc.nat(25_000) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    { minLength: 20, maxLength: 60 },
  );

  it('never looks twice within half an interval, however late runs are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a.test', 'b.test', 'c.test'),
        lateness,
        fc.boolean(),
        fc.integer({ min: 60, max: 3600 }),
        (name, late, doubt, seconds) => {
          const at = looks(name, late, doubt, { ...rules, intervalSeconds: seconds });
          return gaps(at).every((gap) => gap >= seconds * 500);
        },
      ),
    );
  });

  it('looks N times at whatever lasts N intervals, where no run is left out', () => {
    const { looks: wanted } = rules.down;
    fc.assert(
      fc.property(
        fc.constantFrom('a.test', 'b.test', 'c.test'),
        fc.array(fc.nat(12_000), { minLength: 60, maxLength: 60 }),
        fc.nat(20 * tickMs),
        (name, late, after) => {
          // What is bad is in doubt from its first look on.
          const fromMs = startMs + 10 * tickMs + after;
          const at: number[] = [];
          for (const [minute, lateMs] of late.entries()) {
            const nowMs = startMs + minute * tickMs + lateMs;
            const lastAtMs = at.at(-1);
            const isInDoubt = lastAtMs !== undefined && lastAtMs >= fromMs;
            if (
              dueEndpoints(
                [{ hostname: name, isInDoubt, ...(lastAtMs === undefined ? {} : { lastAtMs }) }],
                rules,
                nowMs,
              ).length > 0
            )
              at.push(nowMs);
          }
          return at.filter((atMs) => atMs >= fromMs && atMs < fromMs + wanted * intervalMs).length >= wanted;
        },
      ),
    );
  });

  it('looks at once where Postal reported a delivery since the last look began, and once for each report', () => {
    const at = (lastAtMs: number, wantedAtMs: number) =>
      dueEndpoints([{ hostname: 'a.test', isInDoubt: false, lastAtMs, wantedAtMs }], rules, startMs + tickMs);
    expect(at(startMs, startMs + 1)).toEqual(['a.test']);
    expect(at(startMs + 2, startMs + 1)).toEqual([]);
  });
});
