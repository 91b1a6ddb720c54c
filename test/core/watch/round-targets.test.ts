import { describe, expect, it } from 'vitest';
import type { Fault, Way } from '../../../lib/core/watch/health/fault.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { causeKey } from '../../../lib/core/watch/incident/incident-cause.ts';
import { ownerView } from '../../../lib/core/watch/incident/owner-view.ts';
import { storedIncident } from '../../../lib/core/watch/incident/stored-incident.ts';
import { incidentTitle } from '../../../lib/messages/watch/incident-title.ts';
import { fleetStartMs, intervalMs, sighted, WatchedFleet } from '../../support/watched-fleet.ts';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `mx${index}.test`);
const [dead, other] = ['10.0.4.12', '10.0.4.13'];
const fault = (target: string, way: Way = 'unreachable'): Fault => ({ target, way });

/** What each name meets in a round: a letter, and the targets that fail. */
type Script = Readonly<Record<string, readonly [letter: string, ...faults: Fault[]]>>;

const rounds = (fleet: WatchedFleet, script: Script, from: number, count: number): void => {
  for (let index = from; index < from + count; index += 1) {
    const atMs = fleetStartMs + index * intervalMs;
    fleet.round(
      atMs,
      [...fleet.endpoints.keys()].map((hostname) => {
        const [letter, ...faults] = script[hostname] ?? ['u'];
        return sighted(hostname, atMs, letter, { faults });
      }),
    );
  }
};
const all = (hostnames: readonly string[], letter: string, ...faults: readonly Fault[]): Script =>
  Object.fromEntries(hostnames.map((hostname) => [hostname, [letter, ...faults]]));
const keys = (incidents: Iterable<Incident>): readonly string[] =>
  [...incidents].map(({ cause }) => causeKey(cause)).toSorted();

describe('one cause, one incident', () => {
  it('is one for a machine that dies with every name of a fleet, and no mass outage', () => {
    const fleet = new WatchedFleet(names(12));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, all(names(12), 'd', fault(dead)), 2, 5);
    expect(keys(fleet.incidents.values())).toEqual([`target-${dead}-unreachable`]);
    const [open] = fleet.open();
    if (open === undefined) throw new Error('none is open');
    expect(incidentTitle(open)).toBe('10.0.4.12 does not answer: 12 endpoints down');
    rounds(fleet, {}, 7, 3);
    const [closed] = fleet.incidents.values();
    expect(closed && incidentTitle(closed, 'past')).toBe('10.0.4.12 did not answer: 12 endpoints down');
    expect(fleet.open()).toEqual([]);
  });

  it('is two for two machines that die in one minute', () => {
    const fleet = new WatchedFleet(names(6));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, { ...all(names(3), 'd', fault(dead)), ...all(names(6).slice(3), 'd', fault(other)) }, 2, 4);
    expect(keys(fleet.incidents.values())).toEqual([`target-${dead}-unreachable`, `target-${other}-unreachable`]);
  });

  it('is two for one machine that fails in two ways at different endpoints', () => {
    const fleet = new WatchedFleet(names(4));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, { ...all(names(2), 'd', fault(dead, 'smtp')), ...all(names(4).slice(2), 'd', fault(dead)) }, 2, 4);
    expect(keys(fleet.incidents.values())).toEqual([`target-${dead}-smtp`, `target-${dead}-unreachable`]);
  });

  it('lists a name with one of two targets dead as degraded, and opens nothing of its own', () => {
    const fleet = new WatchedFleet(names(4));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, { ...all(names(3), 'd', fault(dead)), 'mx3.test': ['g', fault(dead)] }, 2, 4);
    const [incident, ...others] = fleet.open();
    expect(others).toEqual([]);
    expect(incident?.members.at(-1)).toMatchObject({ hostname: 'mx3.test', state: 'degraded' });
    expect(incident && incidentTitle(incident)).toBe('10.0.4.12 does not answer: 3 endpoints down, 1 degraded');
  });

  it('lists a name whose two targets are dead in both incidents', () => {
    const fleet = new WatchedFleet(names(3));
    rounds(fleet, {}, 0, 2);
    rounds(
      fleet,
      { 'mx0.test': ['d', fault(dead)], 'mx1.test': ['d', fault(other)], 'mx2.test': ['d', fault(dead), fault(other)] },
      2,
      4,
    );
    expect(fleet.open().map(({ members }) => members.map(({ hostname }) => hostname).toSorted())).toEqual([
      ['mx0.test', 'mx2.test'],
      ['mx1.test', 'mx2.test'],
    ]);
  });

  it('makes one of a zone whose names no longer resolve, and singles of some that do not', () => {
    const fleet = new WatchedFleet(names(40));
    fleet.endpoints = new Map(
      names(40).map((hostname, index) => [hostname, { zone: index < 8 ? 'small.test' : 'big.test' }]),
    );
    rounds(fleet, {}, 0, 2);
    rounds(fleet, all(names(7), 'n'), 2, 4);
    expect(keys(fleet.incidents.values())).toEqual(['zone-small.test']);
    const few = new WatchedFleet(names(40));
    few.endpoints = fleet.endpoints;
    rounds(few, {}, 0, 2);
    rounds(few, all(names(2), 'n'), 2, 4);
    expect(keys(few.incidents.values())).toEqual(['endpoint-mx0.test', 'endpoint-mx1.test']);
  });

  it('names the network that the failing targets of a mass outage share', () => {
    const fleet = new WatchedFleet(names(20));
    const script: Script = Object.fromEntries(
      names(20).map((hostname, index) => [hostname, ['d', fault(index < 15 ? `10.0.7.${index}` : `10.0.${index}.1`)]]),
    );
    rounds(fleet, {}, 0, 2);
    rounds(fleet, script, 2, 3);
    expect(fleet.open()).toEqual([expect.objectContaining({ cause: { kind: 'mass-outage' } })]);
    expect(fleet.open()[0]?.sentence).toContain('10.0.7.0/24');
  });
});

describe('names join and leave', () => {
  it('tells of growth once an interval, aloud, and not of names that left', () => {
    const fleet = new WatchedFleet(names(4));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, all(names(1), 'd', fault(dead)), 2, 2);
    rounds(fleet, all(names(3), 'd', fault(dead)), 4, 4);
    const [incident] = fleet.open();
    expect(incident?.updates).toEqual([
      {
        atMs: expect.any(Number),
        step: 'grown',
        text: '2 more endpoints: mx1.test, mx2.test. Now 3 in all.',
        hostnames: ['mx1.test', 'mx2.test'],
      },
    ]);
    rounds(fleet, all(names(1), 'd', fault(dead)), 8, 4);
    expect(fleet.open()[0]?.members.map(({ leftAtMs }) => leftAtMs !== undefined)).toEqual([false, true, true]);
    expect(fleet.open()[0]?.updates).toHaveLength(1);
  });

  it('goes on as the same incident where what one name suffers from turns out to be its machine', () => {
    const fleet = new WatchedFleet(names(3));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, { 'mx0.test': ['g', fault(dead, 'smtp')] }, 2, 3);
    const [before] = fleet.open();
    rounds(fleet, all(names(3), 'd', fault(dead)), 5, 4);
    expect(fleet.incidents.size).toBe(1);
    expect(fleet.open()[0]).toMatchObject({ id: before?.id, cause: fault(dead), severity: 'down' });
    expect(fleet.open()[0]?.updates[0]?.step).toBe('worse');
  });

  it('opens again where its machine fails again soon, whichever name shows it first', () => {
    const fleet = new WatchedFleet(names(3));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, { 'mx0.test': ['d', fault(dead)] }, 2, 3);
    rounds(fleet, {}, 5, 3);
    rounds(fleet, { 'mx1.test': ['d', fault(dead)] }, 8, 3);
    expect(fleet.incidents.size).toBe(1);
    expect(fleet.open()[0]?.updates.at(-1)?.step).toBe('reopened');
  });
});

describe('an owner’s view', () => {
  it('has that owner’s endpoints alone, and is over when these work again', () => {
    const fleet = new WatchedFleet(names(3));
    fleet.endpoints = new Map(names(3).map((name, index) => [name, index === 0 ? {} : { owner: `C0OWNER${index}` }]));
    rounds(fleet, {}, 0, 2);
    rounds(fleet, { ...all(names(2), 'd', fault(dead)), 'mx2.test': ['g', fault(dead)] }, 2, 3);
    const [incident] = fleet.open();
    if (incident === undefined) throw new Error('none is open');
    expect(ownerView(incident, 'C0OWNER1').members.map(({ hostname }) => hostname)).toEqual(['mx1.test']);
    expect(ownerView(incident, 'C0OWNER2')).toMatchObject({ severity: 'degraded', findings: [] });
    rounds(fleet, all(names(1), 'd', fault(dead)), 5, 3);
    const [now] = fleet.open();
    if (now === undefined) throw new Error('none is open');
    expect(now.closedAtMs).toBeUndefined();
    expect(ownerView(now, 'C0OWNER1').closedAtMs).toBeDefined();
  });
});

describe('an incident of the version before', () => {
  const earlier = {
    id: 'endpoint-mx0.test-1',
    kind: 'endpoint',
    hostname: 'mx0.test',
    openedAtMs: fleetStartMs,
    revision: 3,
    state: 'down',
    sentence: 'It is down.',
    findings: [],
    updates: [{ atMs: fleetStartMs, text: 'Down.', loud: true }],
    channelId: 'C0OWNER1',
  };

  it('goes on, and becomes that of its machine with the next look', () => {
    const stored = storedIncident(earlier);
    if (stored === undefined) throw new Error('it cannot be read');
    const fleet = new WatchedFleet(names(2));
    rounds(fleet, all(names(2), 'd', fault(dead)), 0, 3);
    fleet.incidents.clear();
    fleet.incidents.set(stored.id, stored);
    rounds(fleet, all(names(2), 'd', fault(dead)), 3, 2);
    expect(fleet.open()).toMatchObject([{ id: earlier.id, cause: fault(dead), severity: 'down' }]);
    rounds(fleet, {}, 5, 3);
    expect(fleet.open()).toEqual([]);
  });

  it('is not read where it is neither of this version nor of that', () => {
    expect(storedIncident({ ...earlier, kind: 'strange' })).toBeUndefined();
    expect(storedIncident(undefined)).toBeUndefined();
  });
});
