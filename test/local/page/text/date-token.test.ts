import { expect, test } from 'vitest';
import { dayOf, formatDateToken } from '../../../../lib/local/page/text/date-token.ts';

// The reader's zone is the machine's, so the test speaks in local time.
const local = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute);
const seconds = (date: Date) => date.getTime() / 1000;
const now = local(4, 14, 2);

test.each([
  [local(4, 9, 5), '{time}', '09:05'],
  [local(4, 9, 5), '{time_secs}', '09:05:00'],
  [local(4, 0, 0), '{date_short_pretty} {time}', 'today 00:00'],
  [local(3, 23, 59), '{date_pretty}', 'yesterday'],
  [local(5, 0, 1), '{date_long_pretty}', 'tomorrow'],
  [local(1, 12), '{date_short_pretty}', 'Mar 1, 2026'],
  [local(1, 12), '{date_num}', '2026-03-01'],
  [local(1, 12), '{date_long}', 'Sunday, March 1, 2026'],
  [local(4, 13, 2), '{ago}', '1 hour ago'],
  [local(4, 12), 'at {unknown}', 'at {unknown}'],
])('%s as %s is %s', (date, format, expected) => {
  expect(formatDateToken(seconds(date), format, now)).toBe(expected);
});

test('days of a conversation', () => {
  expect(dayOf(`${seconds(local(4, 1))}.000100`, now)).toBe('Today');
  expect(dayOf(`${seconds(local(1, 1))}.000100`, now)).toBe('Sunday, March 1');
  expect(dayOf(`${seconds(new Date(2025, 2, 1))}.000100`, now)).toBe('Saturday, March 1, 2025');
});
