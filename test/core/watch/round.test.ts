import { describe, expect, it } from 'vitest';
import { incidentSchema } from '../../../lib/core/watch/incident/incident.ts';
import { causeKey } from '../../../lib/core/watch/incident/incident-cause.ts';
import { isOver } from '../../../lib/core/watch/incident/incident-over.ts';
import { fleetStartMs, intervalMs, sighted, WatchedFleet, watchRules } from '../../support/watched-fleet.ts';

const host = 'mx.test';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const muteOf = (hostname: string, fromMs: number, untilMs: number) => ({ hostname, fromMs, untilMs, by: 'U1' });

describe('round, of one endpoint', () => {
  it('opens one incident, keeps it, and closes it', () => {
    const fleet = new WatchedFleet([host]);
    fleet.endpoints = new Map([[host, { owner: 'C0OWNER1' }]]);
    let atMs = fleet.watch(host, 'uudd');
    const id = `endpoint-${host}-${fleetStartMs + 2 * intervalMs}`;
    expect([...fleet.incidents.values()]).toEqual([
      {
        id,
        cause: { kind: 'single', hostname: host },
        openedAtMs: fleetStartMs + 2 * intervalMs,
        raisedAtMs: fleetStartMs + 3 * intervalMs,
        revision: 1,
        severity: 'down',
        sentence: 'It is down.',
        findings: [{ code: 'd-code', text: 'd was found.', remedy: 'Mend d.' }],
        members: [{ hostname: host, state: 'down', joinedAtMs: fleetStartMs + 3 * intervalMs, owner: 'C0OWNER1' }],
        updates: [],
      },
    ]);
    atMs = fleet.watch(host, 'dddbdd', atMs);
    expect(fleet.incidents.get(id)?.revision).toBe(1);
    const recoveredMs = atMs;
    atMs = fleet.watch(host, 'uuuu', atMs);
    expect([...fleet.incidents.values()]).toEqual([
      expect.objectContaining({
        id,
        revision: 2,
        severity: 'down',
        closedAtMs: recoveredMs,
        sentence: 'Postal gets in again.',
      }),
    ]);
    expect(incidentSchema.safeParse(fleet.incidents.get(id)).success).toBe(true);
  });

  it('tells aloud what grows worse, and in the thread alone what grows better', () => {
    const fleet = new WatchedFleet([host]);
    fleet.watch(host, 'uggddgg');
    const [incident] = fleet.open();
    expect(incident).toMatchObject({ revision: 3, severity: 'degraded', sentence: 'It is degraded.' });
    expect(incident?.updates.map(({ text, step }) => [text, step])).toEqual([
      ['Down. It is down.', 'worse'],
      ['Degraded. It is degraded.', 'note'],
    ]);
  });

  it('makes one incident of an endpoint that is flapping, and ends it when it is steady', () => {
    const fleet = new WatchedFleet([host]);
    let atMs = fleet.watch(host, 'udduudduudduu');
    expect(fleet.incidents.size).toBe(1);
    expect(fleet.open()).toEqual([expect.objectContaining({ isFlapping: true })]);
    expect(fleet.open()[0]?.updates.filter(({ step }) => step === 'reopened')).toHaveLength(1);
    atMs = fleet.watch(host, 'uuuuuuuuuu', atMs);
    expect(fleet.open()).toHaveLength(1);
    fleet.watch(host, 'uu', atMs);
    expect(fleet.open()).toEqual([]);
  });

  it('says so aloud when one that was flapping stays down, and closes it when it recovers', () => {
    const fleet = new WatchedFleet([host]);
    const atMs = fleet.watch(host, `udduudd${'d'.repeat(12)}`);
    const [incident] = fleet.open();
    expect(fleet.incidents.size).toBe(1);
    expect(incident).toMatchObject({ severity: 'down' });
    expect(incident?.isFlapping).toBeUndefined();
    expect(incident?.updates.at(-1)).toMatchObject({
      step: 'worse',
      text: expect.stringContaining('No longer flapping'),
    });
    fleet.watch(host, 'uu', atMs);
    expect(fleet.open()).toEqual([]);
  });

  it('takes what fails again much later for something new', () => {
    const fleet = new WatchedFleet([host]);
    fleet.watch(host, `udduu${'u'.repeat(14)}dd`);
    expect(fleet.incidents.size).toBe(2);
    expect(fleet.open()).toEqual([expect.objectContaining({ cause: { kind: 'single', hostname: host } })]);
  });

  it('keeps quiet while it is muted, and tells it afterwards if it still is so', () => {
    const fleet = new WatchedFleet([host]);
    fleet.mutes = [muteOf(host, fleetStartMs, fleetStartMs + 2 * hourMs)];
    const atMs = fleet.watch(host, `u${'d'.repeat(10)}`);
    expect(fleet.incidents.size).toBe(0);
    expect(fleet.healths.get(host)?.state).toBe('down');
    fleet.round(Math.max(atMs, fleetStartMs + 2 * hourMs - 1));
    expect(fleet.incidents.size).toBe(0);
    fleet.round(fleetStartMs + 2 * hourMs);
    expect(fleet.open()).toEqual([
      expect.objectContaining({ severity: 'down', openedAtMs: fleetStartMs + intervalMs }),
    ]);
  });

  it('says nothing of what was over before the mute was', () => {
    const fleet = new WatchedFleet([host]);
    fleet.mutes = [muteOf(host, fleetStartMs, fleetStartMs + 2 * hourMs)];
    fleet.watch(host, 'udddduuu');
    fleet.round(fleetStartMs + 3 * hourMs);
    expect(fleet.incidents.size).toBe(0);
  });

  it('closes an open incident also while it is muted', () => {
    const fleet = new WatchedFleet([host]);
    const atMs = fleet.watch(host, 'udd');
    fleet.mutes = [muteOf(host, atMs, atMs + 2 * hourMs)];
    fleet.watch(host, 'uu', atMs);
    expect(fleet.incidents.size).toBe(1);
    expect(fleet.open()).toEqual([]);
  });

  it('forgets what is registered no more, and closes its incident', () => {
    const fleet = new WatchedFleet([host, 'other.test']);
    const atMs = fleet.watch(host, 'udd');
    fleet.endpoints = new Map([['other.test', {}]]);
    const result = fleet.round(atMs, [sighted(host, atMs, 'd')]);
    expect(result.forgotten).toEqual([host]);
    expect(fleet.open()).toEqual([]);
    expect(fleet.healths.has(host)).toBe(false);
  });

  it('makes good what a run has left that died after its healths', () => {
    const fleet = new WatchedFleet([host]);
    let atMs = fleet.watch(host, 'ud');
    for (const [hostname, health] of fleet.result(atMs, [sighted(host, atMs, 'd')]).healths)
      fleet.healths.set(hostname, health);
    expect(fleet.incidents.size).toBe(0);
    fleet.round(atMs + minuteMs);
    expect(fleet.open()).toEqual([expect.objectContaining({ id: `endpoint-${host}-${fleetStartMs + intervalMs}` })]);
    atMs = fleet.watch(host, 'u', atMs + intervalMs);
    for (const [hostname, health] of fleet.result(atMs, [sighted(host, atMs, 'u')]).healths)
      fleet.healths.set(hostname, health);
    expect(fleet.open()).toHaveLength(1);
    fleet.round(atMs + minuteMs);
    expect(fleet.open()).toEqual([]);
  });

  it('is done with an incident when no relapse can open it again', () => {
    const fleet = new WatchedFleet([host]);
    const atMs = fleet.watch(host, 'udduu');
    const [incident] = fleet.incidents.values();
    if (incident === undefined) throw new Error('no incident');
    expect(isOver(incident, watchRules, atMs + hourMs)).toBe(false);
    expect(isOver(incident, watchRules, atMs + 2 * hourMs)).toBe(true);
    const { closedAtMs: _over, ...open } = incident;
    expect(isOver(open, watchRules, atMs + 2 * hourMs)).toBe(false);
  });
});

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `mx${index}.test`);

/** Looks at a slice of the fleet every minute, so that each has its turn once in five. */
const minuteByMinute = (
  fleet: WatchedFleet,
  fromMinute: number,
  minutes: number,
  letterOf: (index: number, minute: number) => string,
): void => {
  const hostnames = [...fleet.endpoints.keys()];
  for (let minute = fromMinute; minute < fromMinute + minutes; minute += 1) {
    const atMs = fleetStartMs + minute * minuteMs;
    const due = hostnames.flatMap((hostname, index) =>
      index % 5 === minute % 5 ? [sighted(hostname, atMs, letterOf(index, minute))] : [],
    );
    fleet.round(atMs, due);
  }
};

describe('round, when many fail together', () => {
  const failing = (index: number): boolean => index % 10 < 6;

  it.each(['d', 'r', 'x'])('tells once of 60 % that begin to fail in the middle of a round (%s)', (letter) => {
    const fleet = new WatchedFleet(names(100));
    minuteByMinute(fleet, 0, 13, () => 'u');
    minuteByMinute(fleet, 13, 30, (index) => (failing(index) ? letter : 'u'));
    expect([...fleet.incidents.values()]).toEqual([
      expect.objectContaining({
        cause: letter === 'd' ? { kind: 'mass-outage' } : { kind: letter === 'r' ? 'resolver' : 'prober' },
      }),
    ]);
    expect(fleet.open()[0]?.openedAtMs).toBe(fleetStartMs + 13 * minuteMs);
    minuteByMinute(fleet, 43, 30, () => 'u');
    expect(fleet.incidents.size).toBe(1);
    expect(fleet.open()).toEqual([]);
  });

  it.each(['r', 'x'])('says nothing of one look at which it saw nobody (%s), and tells at the second', (letter) => {
    const all = names(8);
    const fleet = new WatchedFleet(all);
    const lookAtAll = (minute: number, met: string): void => {
      const atMs = fleetStartMs + minute * minuteMs;
      fleet.round(
        atMs,
        all.map((hostname) => sighted(hostname, atMs, met)),
      );
      fleet.round(atMs + minuteMs);
    };
    lookAtAll(0, 'u');
    lookAtAll(5, letter);
    lookAtAll(10, 'u');
    expect(fleet.incidents.size).toBe(0);
    lookAtAll(15, letter);
    lookAtAll(20, letter);
    expect(fleet.open()).toEqual([
      expect.objectContaining({
        cause: { kind: letter === 'r' ? 'resolver' : 'prober' },
        openedAtMs: fleetStartMs + 15 * minuteMs,
        revision: 1,
      }),
    ]);
    lookAtAll(25, 'u');
    expect(fleet.open()).toEqual([]);
  });

  it('names the suspect', () => {
    for (const [letter, word] of [
      ['r', 'resolver'],
      ['x', 'prober'],
      ['d', 'network'],
    ] as const) {
      const fleet = new WatchedFleet(names(20));
      minuteByMinute(fleet, 0, 5, () => 'u');
      minuteByMinute(fleet, 5, 10, () => letter);
      expect(fleet.open()[0]?.sentence).toContain(word);
    }
  });

  it('holds single ones back that would be confirmed before most are known to fail', () => {
    const rules = { ...watchRules, down: { looks: 1, of: 1 } };
    const fleet = new WatchedFleet(names(100), rules);
    minuteByMinute(fleet, 0, 10, () => 'u');
    minuteByMinute(fleet, 10, 10, (index) => (failing(index) ? 'd' : 'u'));
    expect([...fleet.incidents.values()].map(({ cause }) => cause.kind)).toEqual(['mass-outage']);
  });

  it('does not hold back a dead server with many names for long', () => {
    const fleet = new WatchedFleet(names(50));
    // Six of the ten that have their turn in the first minute of five, and no others.
    const isDead = (index: number): boolean => index % 5 === 0 && index < 30;
    minuteByMinute(fleet, 0, 10, () => 'u');
    minuteByMinute(fleet, 10, 10, (index) => (isDead(index) ? 'd' : 'u'));
    expect(fleet.open().map(({ cause }) => cause)).toEqual(
      [0, 5, 10, 15, 20, 25].map((index) => ({ kind: 'single', hostname: `mx${index}.test` })),
    );
  });

  it('tells by itself what stays down when it is over', () => {
    const fleet = new WatchedFleet(names(100));
    minuteByMinute(fleet, 0, 10, () => 'u');
    minuteByMinute(fleet, 10, 15, (index) => (failing(index) ? 'd' : 'u'));
    minuteByMinute(fleet, 25, 20, (index) => (index === 2 || index === 3 ? 'd' : 'u'));
    const kinds = [...fleet.incidents.values()].map(
      ({ cause, closedAtMs }) => `${causeKey(cause)} ${closedAtMs === undefined}`,
    );
    expect(kinds.toSorted()).toEqual(['endpoint-mx2.test true', 'endpoint-mx3.test true', 'mass-outage false']);
  });

  it('leaves incidents alone that were open before, and lets them recover', () => {
    const fleet = new WatchedFleet(names(100));
    minuteByMinute(fleet, 0, 20, (index) => (index === 7 ? 'd' : 'u'));
    minuteByMinute(fleet, 20, 15, (index) => (index === 7 ? 'u' : failing(index) ? 'd' : 'u'));
    const single = [...fleet.incidents.values()].filter(({ cause }) => cause.kind === 'single');
    expect(single).toEqual([
      expect.objectContaining({ cause: { kind: 'single', hostname: 'mx7.test' }, closedAtMs: expect.any(Number) }),
    ]);
  });

  it('does not count those that are muted', () => {
    const fleet = new WatchedFleet(names(100));
    fleet.mutes = names(100)
      .filter((_, index) => failing(index))
      .map((hostname) => muteOf(hostname, fleetStartMs, fleetStartMs + 2 * hourMs));
    minuteByMinute(fleet, 0, 60, (index) => (failing(index) || index === 9 ? 'd' : 'u'));
    expect([...fleet.incidents.values()].map(({ members: [one] }) => one?.hostname)).toEqual(['mx9.test']);
  });

  it('tells once, after two missed looks, that it cannot see a few', () => {
    const fleet = new WatchedFleet(names(50));
    const letterOf = (index: number): string => (index < 3 ? 'r' : index < 9 ? 'b' : 'u');
    minuteByMinute(fleet, 0, 5, letterOf);
    expect(fleet.incidents.size).toBe(0);
    minuteByMinute(fleet, 5, 30, letterOf);
    const [incident] = fleet.open();
    expect(fleet.incidents.size).toBe(1);
    expect(incident).toMatchObject({ cause: { kind: 'resolver' }, severity: 'down' });
    expect(incident?.members.map(({ hostname, state }) => [hostname, state])).toEqual(
      ['mx0.test', 'mx1.test', 'mx2.test'].map((hostname) => [hostname, 'unknown']),
    );
    minuteByMinute(fleet, 35, 5, () => 'u');
    expect(fleet.incidents.size).toBe(1);
    expect(fleet.open()).toEqual([]);
  });
});
