import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../lib/core/watch/health/observation.ts';
import { concernsBlindness, type Incident } from '../../../lib/core/watch/incident/incident.ts';
import { causeKey } from '../../../lib/core/watch/incident/incident-cause.ts';
import { fleetStartMs, intervalMs, sighted, WatchedFleet, watchRules } from '../../support/watched-fleet.ts';

const hostnames = ['a.test', 'b.test', 'c.test'] as const;
const minuteMs = 60_000;

/** What each of the endpoints meets in a round; mostly the same for some time, as in life. */
const letters = fc
  .array(
    fc.tuple(fc.constantFrom('u', 'u', 'u', 'd', 'd', 'g', 'p', 'f', 'b', 'r', 'x'), fc.integer({ min: 1, max: 5 })),
    { minLength: 1, maxLength: 14 },
  )
  .map((runs) => runs.flatMap(([letter, times]) => Array.from({ length: times }, () => letter)));
const script = fc.tuple(letters, letters, letters);

const looksOf = (scripts: readonly (readonly string[])[], index: number): readonly Observation[] =>
  hostnames.flatMap((hostname, which) => {
    const letter = scripts[which]?.[index];
    return letter === undefined ? [] : [sighted(hostname, fleetStartMs + index * intervalMs + which * 1000, letter)];
  });
const longest = (scripts: readonly (readonly string[])[]): number => Math.max(...scripts.map(({ length }) => length));
const timeOf = (index: number): number => fleetStartMs + index * intervalMs + 10_000;

const runs = { numRuns: 150 };

describe('any course of looks', () => {
  it('alerts nobody but for N bad ones of the last M that said anything', () => {
    fc.assert(
      fc.property(script, (scripts) => {
        const fleet = new WatchedFleet(hostnames);
        const conclusive = new Map<string, string[]>(hostnames.map((hostname) => [hostname, []]));
        for (let index = 0; index < longest(scripts); index += 1) {
          const looks = looksOf(scripts, index);
          for (const { hostname, state } of looks) if (state !== 'inconclusive') conclusive.get(hostname)?.push(state);
          const before = new Set(fleet.incidents.keys());
          for (const { id, cause } of fleet.round(timeOf(index), looks).incidents) {
            if (before.has(id) || cause.kind !== 'single') continue;
            const last = conclusive.get(cause.hostname)?.slice(-watchRules.down.of) ?? [];
            expect(last.filter((state) => state !== 'up').length).toBeGreaterThanOrEqual(watchRules.down.looks);
          }
        }
      }),
      runs,
    );
  });

  it('changes nothing when a round is made once more', () => {
    fc.assert(
      fc.property(script, (scripts) => {
        const fleet = new WatchedFleet(hostnames);
        for (let index = 0; index < longest(scripts); index += 1) {
          const looks = looksOf(scripts, index);
          fleet.round(timeOf(index), looks);
          const again = fleet.result(timeOf(index) + 1_000, looks);
          expect([...again.healths.keys()]).toEqual([]);
          expect(again.incidents).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('has the same incidents, whatever dies between healths and incidents, once another run has come by', () => {
    fc.assert(
      fc.property(script, fc.array(fc.nat(3), { minLength: 70, maxLength: 70 }), (scripts, deaths) => {
        const undisturbed = new WatchedFleet(hostnames);
        const dying = new WatchedFleet(hostnames);
        for (let index = 0; index < longest(scripts); index += 1) {
          const looks = looksOf(scripts, index);
          undisturbed.round(timeOf(index), looks);
          undisturbed.round(timeOf(index) + minuteMs);
          const result = dying.result(timeOf(index), looks);
          for (const [hostname, health] of result.healths) dying.healths.set(hostname, health);
          // It dies after so many incidents.
          for (const incident of result.incidents.slice(0, deaths[index])) dying.incidents.set(incident.id, incident);
          dying.round(timeOf(index) + minuteMs);
        }
        const essence = (fleet: WatchedFleet) =>
          [...fleet.incidents.values()]
            // When watch sees again is when a run says so: there the other run's minute shows.
            .map(({ updates, closedAtMs, raisedAtMs: _raised, members, ...incident }) => ({
              ...incident,
              members: members.map(({ hostname, state }) => ({ hostname, state })),
              // What joins in one round or in two is told once or twice, also where the cause turns out later to be of one endpoint alone.
              revision: incident.cause.kind === 'single' && members.length === 1 ? incident.revision : 0,
              updates: updates.filter(({ step }) => step !== 'grown').map(({ text }) => text),
              closed: concernsBlindness(incident) ? closedAtMs !== undefined : closedAtMs,
            }))
            .toSorted((one, other) => one.id.localeCompare(other.id));
        expect(essence(dying)).toEqual(essence(undisturbed));
      }),
      runs,
    );
  });

  it('alerts nobody twice and loses no recovery, whatever part of its writes a run gets done', () => {
    fc.assert(
      fc.property(
        script,
        fc.array(fc.record({ healths: fc.nat(4), incidents: fc.nat(4) }), { minLength: 70, maxLength: 70 }),
        (scripts, fates) => {
          const fleet = new WatchedFleet(hostnames);
          const end = longest(scripts);
          const openAtOnce = (): number => {
            const own = fleet.open();
            return own.length - new Set(own.map(({ cause }: Incident) => causeKey(cause))).size;
          };
          for (let index = 0; index < end; index += 1) {
            const { healths: whole = 4, incidents: told = 4 } = fates[index] ?? {};
            const result = fleet.result(timeOf(index), looksOf(scripts, index));
            const healths = [...result.healths].slice(0, whole);
            for (const [hostname, health] of healths) fleet.healths.set(hostname, health);
            if (healths.length === result.healths.size)
              for (const incident of result.incidents.slice(0, told)) fleet.incidents.set(incident.id, incident);
            expect(openAtOnce()).toBe(0);
          }
          const good = Array.from({ length: 20 }, () => 'u');
          for (let index = end; index < end + good.length; index += 1) {
            const at = looksOf(
              [[], [], []].map(() => [...Array.from({ length: end }, () => 'u'), ...good]),
              index,
            );
            fleet.round(timeOf(index), at);
          }
          expect(fleet.open()).toEqual([]);
          for (const { state, blind } of fleet.healths.values())
            expect({ state, blind }).toEqual({ state: 'up', blind: undefined });
        },
      ),
      runs,
    );
  });
});
