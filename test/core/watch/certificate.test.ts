import { describe, expect, it } from 'vitest';
import { fleetStartMs, intervalMs, sighted, WatchedFleet } from '../../support/watched-fleet.ts';

const host = 'mx.test';
const other = 'other.test';
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Midnight; the daily clock strikes at 09:00 UTC. */
const startMs = fleetStartMs;

const look = (fleet: WatchedFleet, atMs: number, expiresAtMs: number, hostname = host): void => {
  fleet.round(atMs, [sighted(hostname, atMs, 'u', { certificateExpiresAtMs: expiresAtMs })]);
};

/** A look every hour for so many days. */
const watched = (fleet: WatchedFleet, fromMs: number, days: number, expiresAtMs: number): void => {
  for (let atMs = fromMs; atMs < fromMs + days * dayMs; atMs += hourMs) look(fleet, atMs, expiresAtMs);
};

describe('certificate incidents', () => {
  it('tells of one certificate once, and again aloud at each further day of the rules and when it has expired', () => {
    const fleet = new WatchedFleet([host]);
    const expiresAtMs = startMs + 25 * dayMs;
    watched(fleet, startMs, 26, expiresAtMs);
    const [incident] = fleet.incidents.values();
    expect(fleet.incidents.size).toBe(1);
    expect(incident).toMatchObject({
      id: `certificate-${expiresAtMs}`,
      cause: { kind: 'certificate', expiresAtMs },
      members: [expect.objectContaining({ hostname: host })],
      openedAtMs: startMs + 4 * dayMs + 9 * hourMs,
    });
    expect(incident?.updates.map(({ atMs, step }) => [(atMs - startMs) / dayMs, step])).toEqual([
      [18 + 9 / 24, 'worse'],
      [24 + 9 / 24, 'worse'],
      [25, 'worse'],
    ]);
    expect(incident?.updates.at(-1)?.text).toContain('expired');
  });

  it('closes when it is renewed, and opens for the next one anew', () => {
    const fleet = new WatchedFleet([host]);
    watched(fleet, startMs, 2, startMs + 5 * dayMs);
    expect(fleet.open()).toHaveLength(1);
    look(fleet, startMs + 2 * dayMs, startMs + 90 * dayMs);
    expect(fleet.open()).toEqual([]);
    watched(fleet, startMs + 80 * dayMs, 1, startMs + 90 * dayMs);
    expect(fleet.open().map(({ id }) => id)).toEqual([`certificate-${startMs + 90 * dayMs}`]);
  });

  it('tells at once of one that is found late, at the day that it has reached', () => {
    const fleet = new WatchedFleet([host]);
    look(fleet, startMs + hourMs, startMs + 3 * dayMs);
    expect(fleet.open()).toEqual([expect.objectContaining({ toldDays: 7, updates: [] })]);
  });

  it('closes when Postal gets in without encryption: nobody meets that certificate any more', () => {
    const fleet = new WatchedFleet([host]);
    watched(fleet, startMs, 1, startMs + 5 * dayMs);
    expect(fleet.open()).toHaveLength(1);
    fleet.round(startMs + dayMs, [sighted(host, startMs + dayMs, 'u', { encrypted: false, latencyMs: 3 })]);
    expect(fleet.open()).toEqual([]);
  });

  it('strikes once a day: nobody is told at night of a day that is reached at night', () => {
    const fleet = new WatchedFleet([host]);
    const expiresAtMs = startMs + 21 * dayMs + 23 * hourMs;
    for (let hour = 0; hour < 33; hour += 1) look(fleet, startMs + hour * hourMs, expiresAtMs);
    expect(fleet.incidents.size).toBe(0);
    look(fleet, startMs + 33 * hourMs, expiresAtMs);
    expect(fleet.incidents.size).toBe(1);
  });

  it('makes one of a certificate that many endpoints share', () => {
    const fleet = new WatchedFleet([host, other, 'third.test']);
    const expiresAtMs = startMs + 5 * dayMs;
    fleet.round(
      startMs,
      [host, other].map((name) => sighted(name, startMs, 'u', { certificateExpiresAtMs: expiresAtMs })),
    );
    const [incident] = fleet.incidents.values();
    expect(fleet.incidents.size).toBe(1);
    expect(incident?.members.map(({ hostname }) => hostname)).toEqual([host, other]);
  });

  it('keeps quiet for one that is muted, and stays as it is while nobody can look', () => {
    const fleet = new WatchedFleet([host]);
    fleet.mutes = [{ hostname: host, fromMs: startMs, untilMs: startMs + dayMs, by: 'U1' }];
    look(fleet, startMs, startMs + 5 * dayMs);
    expect(fleet.incidents.size).toBe(0);
    fleet.round(startMs + dayMs);
    expect(fleet.open()).toHaveLength(1);
    const atMs = startMs + dayMs + intervalMs;
    fleet.round(atMs, [sighted(host, atMs, 'd')]);
    expect(fleet.open().filter(({ cause }) => cause.kind === 'certificate')).toHaveLength(1);
  });
});
