import { describe, expect, it, test } from 'vitest';
import { isTimeZone, momentOfDay, zonedTimeMs } from '../../../lib/core/base/zoned-time.ts';

const iso = (text: string, zone: string, now = '2026-01-15T12:00:00Z'): string | undefined => {
  const atMs = zonedTimeMs(text, zone, Date.parse(now));
  return atMs === undefined ? undefined : new Date(atMs).toISOString().slice(0, 16);
};

describe('a time in a zone', () => {
  test.each([
    ['03:00', 'UTC', '2026-01-16T03:00'],
    ['13:00', 'UTC', '2026-01-15T13:00'],
    ['03:00', 'Europe/Berlin', '2026-01-16T02:00'],
    ['13:30', 'Europe/Berlin', '2026-01-15T12:30'],
    ['13:00', 'Europe/Berlin', '2026-01-16T12:00'],
    ['9:05', 'Asia/Kolkata', '2026-01-16T03:35'],
    ['03:00', 'Pacific/Kiritimati', '2026-01-15T13:00'],
    ['03:00', 'America/Los_Angeles', '2026-01-16T11:00'],
    ['2026-07-31T22:00', 'Europe/Berlin', '2026-07-31T20:00'],
    ['2026-01-31T22:00', 'Europe/Berlin', '2026-01-31T21:00'],
    ['2026-01-31T22:00Z', 'Europe/Berlin', '2026-01-31T22:00'],
    ['2026-01-31T22:00+05:30', 'Europe/Berlin', '2026-01-31T16:30'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(iso(text, zone)).toBe(expected);
  });

  it('that the clocks skip is an hour later, and of one that they show twice the first counts', () => {
    expect(iso('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30');
    expect(iso('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30');
    expect(iso('03:00', 'Europe/Berlin', '2026-03-28T20:00:00Z')).toBe('2026-03-29T01:00');
  });

  test.each([
    '',
    '24:00',
    '3:60',
    '3',
    'tomorrow',
    '2026-02-30T10:00',
    '2026-13-01T10:00',
    '2026-01-31',
    '03:00 ',
    '2026-01-31T22:00+99:99',
  ])('%j is none', (text) => expect(iso(text, 'UTC')).toBeUndefined());

  it('follows the zone over a whole year, hour by hour', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC']) {
      const format = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
      for (
        let atMs = Date.parse('2026-01-01T00:00:00Z');
        atMs < Date.parse('2027-01-01T00:00:00Z');
        atMs += 3 * 3_600_000
      ) {
        const shown = format.format(atMs).replace(' ', 'T');
        const found = zonedTimeMs(shown, zone, atMs);
        expect(found === undefined ? '' : format.format(found).replace(' ', 'T')).toBe(shown);
      }
    }
  });

  it('knows the names of zones', () => {
    expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].every(isTimeZone)).toBe(true);
    expect(['', 'Berlin', 'Europe/Nowhere', '../etc'].some(isTimeZone)).toBe(false);
  });
});

describe('a day, or a day with a time', () => {
  test.each([
    ['2026-11-20', 'UTC', '2026-11-20T00:00'],
    ['2026-11-20', 'Europe/Berlin', '2026-11-19T23:00'],
    ['2026-07-20', 'Asia/Kolkata', '2026-07-19T18:30'],
    ['2026-11-20T14:30', 'Europe/Berlin', '2026-11-20T13:30'],
    ['2026-11-20 14:30:59', 'UTC', '2026-11-20T14:30'],
    ['2026-11-20T14:30+05:30', 'UTC', '2026-11-20T09:00'],
    // The clocks of this zone skip midnight on that day.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(new Date(momentOfDay(text, zone) ?? Number.NaN).toISOString().slice(0, 16)).toBe(expected);
  });

  test.each(['', '03:00', 'today', '7d', '20.11.2026', '2026-11-31', '2026-11', '2026-11-20T', '2026-11-20T24:00'])(
    '%j is none',
    (text) => expect(momentOfDay(text, 'UTC')).toBeUndefined(),
  );
});
