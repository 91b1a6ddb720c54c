import { describe, expect, test } from 'vitest';
import { wasProcessed } from '../../../lib/local/sqs/sqs-event.ts';

describe('a batch of one counts as processed', () => {
  test.each(['null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
    'when the worker returns %s',
    (payload) => {
      expect(wasProcessed(payload)).toBe(true);
    },
  );

  test.each([
    '{"batchItemFailures":[{"itemIdentifier":"m1"}]}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{}]}',
    '"ok"',
  ])('but not when it returns %s', (payload) => {
    expect(wasProcessed(payload)).toBe(false);
  });
});
