import { describe, expect, test } from 'vitest';
import { type MailServer, noData, type PostalData, type QueuedMessage } from '../../../lib/local/postal/data.ts';
import { type Attempt, afterAttempt, beforeSending, nextBatch, nextDueMs } from '../../../lib/local/postal/dequeue.ts';
import { Pace } from '../../../lib/local/postal/pace.ts';
import { afterWebhook, nextWebhook, withWebhook } from '../../../lib/local/postal/webhooks.ts';

const asPostal = new Pace(1);
const nowMs = Date.parse('2026-11-30T12:00:00Z');
const minuteMs = 60_000;
const none: ReadonlySet<number> = new Set();
const server: MailServer = { id: 1, name: 'acme/production', mode: 'Live', domain: 'acme.example', token: 'acmepr' };

const message = (id: number, more: Partial<QueuedMessage> = {}): QueuedMessage => ({
  id,
  serverId: 1,
  routeId: 2,
  endpointId: 1,
  token: `token${id}`,
  recipient: 'gitlab@acme.example',
  atMs: nowMs,
  attempts: 0,
  retryAfterMs: null,
  ...more,
});

const dataWith = (...queue: readonly QueuedMessage[]): PostalData => ({
  ...noData,
  nextId: 100,
  endpoints: [
    {
      id: 1,
      serverId: 1,
      name: 'GitLab',
      hostname: 'gitlab.mail.corp.internal',
      port: null,
      sslMode: 'Auto',
      wasUsed: false,
    },
  ],
  routes: [{ id: 2, serverId: 1, name: 'gitlab', mode: 'Endpoint', endpointId: 1 }],
  queue,
});

const deferred: Attempt = {
  status: 'SoftFail',
  details: 'Later.',
  output: null,
  isEncrypted: false,
  retryAfterSeconds: null,
};

describe('the queue', () => {
  test('is tried after 5 min × 1.3ⁿ and half a minute, eighteen times in some 31 hours', () => {
    let data = dataWith(message(10));
    let atMs = nowMs;
    const waits: number[] = [];
    for (;;) {
      const [next] = nextBatch(data, none, asPostal, atMs);
      if (next === undefined || 'status' in beforeSending(data, [server], next)) break;
      data = afterAttempt(data, next, deferred, asPostal, atMs).data;
      const dueMs = nextDueMs(data, none, asPostal) ?? 0;
      waits.push(dueMs - atMs);
      expect(nextBatch(data, none, asPostal, dueMs - 1)).toEqual([]);
      atMs = dueMs;
    }
    expect(waits.slice(0, 2)).toEqual([5.5 * minuteMs, 5 * 1.3 * minuteMs + minuteMs / 2]);
    expect(waits).toHaveLength(18);
    expect((atMs - nowMs) / 3_600_000).toBeCloseTo(31.1, 0);
    const [last] = nextBatch(data, none, asPostal, atMs);
    const settled = last && beforeSending(data, [server], last);
    if (last === undefined || settled === undefined || !('status' in settled)) throw new Error('it is tried once more');
    const { data: after, delivery } = afterAttempt(data, last, settled, asPostal, atMs);
    expect(delivery).toMatchObject({
      status: 'HardFail',
      details:
        'Maximum number of delivery attempts (18) has been reached. Bounce sent to sender (see message <msg:119>)',
    });
    expect(after.queue).toEqual([]);
  });

  test('follows what the mail server asks for', () => {
    const { data } = afterAttempt(
      dataWith(message(10)),
      message(10),
      { ...deferred, retryAfterSeconds: 310 },
      asPostal,
      nowMs,
    );
    expect(data.queue).toMatchObject([{ attempts: 1, retryAfterMs: nowMs + 310_000 }]);
  });

  test('is taken by route and endpoint, without what another worker has', () => {
    const data = dataWith(message(10), message(11), message(12), message(13, { routeId: 3 }));
    expect(nextBatch(data, new Set([11]), asPostal, nowMs).map(({ id }) => id)).toEqual([10, 12]);
    expect(nextBatch(data, new Set([10, 11, 12]), asPostal, nowMs).map(({ id }) => id)).toEqual([13]);
  });

  test.each([
    ['Invalid endpoint for route.', message(10, { endpointId: 9 })],
    ['Message does not have a route and/or endpoint available for delivery.', message(10, { routeId: 9 })],
  ])('gives up with "%s", and no bounce', (details, lost) => {
    expect(beforeSending(dataWith(lost), [server], lost)).toEqual({
      status: 'HardFail',
      details,
      output: null,
      isEncrypted: false,
    });
  });

  test('tells of the bounce behind the words of a refusal', () => {
    const refused: Attempt = {
      status: 'HardFail',
      details: 'Permanent SMTP delivery error when sending to 10.0.4.12:25 (gitlab.mail.corp.internal)',
      output: '550 5.1.1 No such user',
      isEncrypted: true,
      usesEndpoint: true,
      bounce: 'Sent bounce message to sender',
    };
    const { data, delivery } = afterAttempt(dataWith(message(10)), message(10), refused, asPostal, nowMs);
    expect(delivery.details).toBe(`${refused.details}. Sent bounce message to sender (see message <msg:101>)`);
    expect(data).toMatchObject({ queue: [], endpoints: [{ wasUsed: true }], nextId: 102 });
  });
});

describe('a webhook', () => {
  test('is sent again after 2, 3, 6, 10 and 15 minutes, and given up after the sixth time', () => {
    const { data: delivered, delivery } = afterAttempt(dataWith(message(10)), message(10), deferred, asPostal, nowMs);
    const uuid = '8a000825-04cf-411b-9c34-6397943708e6';
    let data = withWebhook(delivered, delivery, message(10), uuid);
    const waits: number[] = [];
    for (let atMs = nowMs; data.webhooks.length > 0; ) {
      expect(nextWebhook(data, new Set(), atMs)?.uuid).toBe(uuid);
      data = afterWebhook(data, uuid, false, asPostal, atMs);
      const nextMs = data.webhooks[0]?.retryAfterMs ?? atMs;
      waits.push((nextMs - atMs) / minuteMs);
      atMs = nextMs;
    }
    expect(waits).toEqual([2, 3, 6, 10, 15, 0]);
  });

  test('is none for an error inside Postal', () => {
    const failed: Attempt = { ...deferred, status: 'Error' };
    const { data, delivery } = afterAttempt(dataWith(message(10)), message(10), failed, asPostal, nowMs);
    expect(withWebhook(data, delivery, message(10), 'x').webhooks).toEqual([]);
  });
});
