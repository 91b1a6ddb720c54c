import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeIdOf, shortChangeId } from '../../../lib/core/ledger/change-id.ts';

test('is a ULID whose time is that of the request', () => {
  // The time part of the ULID specification's own example.
  const id = changeIdOf(new Date(1_469_918_176_385).toISOString(), 'request-1');
  expect(id).toMatch(/^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
});

test('is the same for a request delivered twice, and another for another request of the same moment', () => {
  const at = '2026-03-02T14:02:00.000Z';
  expect(changeIdOf(at, 'request-1')).toBe(changeIdOf(at, 'request-1'));
  expect(changeIdOf(at, 'request-1')).not.toBe(changeIdOf(at, 'request-2'));
});

test('sorts by time', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  return fc.assert(
    fc.property(time, time, fc.string(), fc.string(), (left, right, one, other) => {
      fc.pre(left < right && right <= 8.64e15);
      expect(changeIdOf(new Date(left).toISOString(), one) < changeIdOf(new Date(right).toISOString(), other)).toBe(
        true,
      );
    }),
  );
});

test.each(['yesterday', '', '1969-12-31T23:59:59.999Z'])('refuses %j as the time of a request', (receivedAt) => {
  expect(() => changeIdOf(receivedAt, 'request-1')).toThrow(
    `receivedAt is ${JSON.stringify(receivedAt)}; it must be an ISO 8601 time`,
  );
});

test('is shown short to people', () => {
  expect(shortChangeId('01JD8XW3V9N2Q5T7Y0B4C6F87Q')).toBe('01JD…7Q');
  expect(shortChangeId('01JD')).toBe('01JD');
});
