import { describe, expect, it } from 'vitest';
import { maintenanceWindowSchema } from '../../../../lib/core/policy/maintenance-windows.ts';
import { openWindow } from '../../../../lib/core/watch/mute/maintenance.ts';

const windowOf = (more: object) =>
  maintenanceWindowSchema.parse({ name: 'w', from: '22:00', to: '02:00', hostnames: ['*'], ...more });

/** From when to when it is open at this moment. */
const openAt = (window: ReturnType<typeof windowOf>, at: string, zone = 'UTC') => {
  const open = openWindow(window, zone, Date.parse(at));
  return open && [open.fromMs, open.untilMs].map((ms) => new Date(ms).toISOString().slice(0, 16)).join(' ');
};

describe('a maintenance window', () => {
  it.each([
    ['2026-03-06T21:59:00Z', undefined],
    ['2026-03-06T22:00:00Z', '2026-03-06T22:00 2026-03-07T02:00'],
    ['2026-03-07T01:59:59Z', '2026-03-06T22:00 2026-03-07T02:00'],
    ['2026-03-07T02:00:00Z', undefined],
  ])('goes on past midnight: %s', (at, expected) => {
    expect(openAt(windowOf({}), at)).toBe(expected);
  });

  it('goes by the day on which it begins', () => {
    const fridays = windowOf({ days: ['fri'] });
    expect(openAt(fridays, '2026-03-07T01:00:00Z')).toBeDefined();
    expect(openAt(fridays, '2026-03-08T01:00:00Z')).toBeUndefined();
    expect(openAt(fridays, '2026-03-05T23:00:00Z')).toBeUndefined();
  });

  it('goes by the clocks of its zone, also where they change', () => {
    const nightly = windowOf({ from: '01:00', to: '04:00', timeZone: 'Europe/Berlin' });
    // Winter, the night in which the clocks go forward, summer, the night in which they go back.
    expect(openAt(nightly, '2026-03-28T01:00:00Z')).toBe('2026-03-28T00:00 2026-03-28T03:00');
    expect(openAt(nightly, '2026-03-29T01:00:00Z')).toBe('2026-03-29T00:00 2026-03-29T02:00');
    expect(openAt(nightly, '2026-03-30T01:00:00Z')).toBe('2026-03-29T23:00 2026-03-30T02:00');
    expect(openAt(nightly, '2026-10-25T01:00:00Z')).toBe('2026-10-24T23:00 2026-10-25T03:00');
  });

  it('begins an hour later where the clocks skip its time', () => {
    const skipped = windowOf({ from: '02:30', to: '04:00', timeZone: 'Europe/Berlin' });
    expect(openAt(skipped, '2026-03-29T01:45:00Z')).toBe('2026-03-29T01:30 2026-03-29T02:00');
  });

  it('goes by the zone of the policy where it names none', () => {
    expect(openAt(windowOf({}), '2026-03-06T21:30:00Z', 'Europe/Berlin')).toBe('2026-03-06T21:00 2026-03-07T01:00');
  });
});
