import { describe, expect, test } from 'vitest';
import type { WebhookEvent } from '../../../../lib/core/postal/webhooks/webhook.ts';
import {
  addEvent,
  emptyTally,
  summaryOf,
  webhookTallySchema,
} from '../../../../lib/core/postal/webhooks/webhook-tally.ts';

let number = 0;
const event = (status: WebhookEvent['status'], messageId: number, atMs: number): WebhookEvent => {
  number += 1;
  return {
    uuid: `uuid-${number}`,
    atMs,
    messageId,
    status,
    details: `details at ${atMs}`,
    output: '',
    isEncrypted: true,
  };
};
const after = (...events: readonly WebhookEvent[]) => events.reduce(addEvent, emptyTally);

describe('an endpoint is failing, as the audit defines it,', () => {
  test.each([
    ['not after one deferred attempt: greylisting', false, [event('SoftFail', 1, 1000)]],
    ['not after an attempt each of two messages', false, [event('SoftFail', 1, 1000), event('SoftFail', 2, 2000)]],
    ['after two attempts of one message', true, [event('SoftFail', 1, 1000), event('SoftFail', 1, 2000)]],
    ['not after one refused message', false, [event('HardFail', 1, 1000)]],
    ['after two refused messages', true, [event('HardFail', 1, 1000), event('HardFail', 2, 2000)]],
    [
      'not when a message was accepted since',
      false,
      [event('HardFail', 1, 1000), event('HardFail', 2, 2000), event('Sent', 3, 3000)],
    ],
    [
      'not by failures of before, whose webhooks come later',
      false,
      [event('Sent', 3, 3000), event('HardFail', 1, 1000), event('HardFail', 2, 2000)],
    ],
    ['not by what is held', false, [event('Held', 1, 1000), event('Held', 2, 2000)]],
  ])('%s', (_, isFailing, events) => {
    expect(summaryOf(after(...events))).toMatchObject({ isFailing });
  });
});

test('counts messages, not attempts, and says since when', () => {
  const tally = after(
    event('SoftFail', 1, 5000),
    event('SoftFail', 1, 2000),
    event('SoftFail', 2, 3000),
    event('HardFail', 2, 4000),
    event('Held', 4, 4500),
  );
  expect(summaryOf(tally)).toEqual({ deferred: 1, bounced: 1, held: 1, isFailing: true });
  expect(tally).toMatchObject({ firstFailureAtMs: 2000, lastAtMs: 5000, lastFailure: { details: 'details at 5000' } });
});

test('an event that is handled again is counted once', () => {
  const one = event('SoftFail', 1, 1000);
  expect(after(one, one)).toEqual(after(one));
});

test('stays below the size of an item, however many messages fail', () => {
  const tally = Array.from({ length: 3000 }, (_, index) => event('SoftFail', index, 1000 + index)).reduce(
    addEvent,
    emptyTally,
  );
  expect(summaryOf(tally)).toMatchObject({ deferred: 3000 });
  expect(JSON.stringify(tally).length).toBeLessThan(50_000);
  expect(webhookTallySchema.parse(JSON.parse(JSON.stringify(tally)))).toEqual(tally);
});
