import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, DeliveryTally } from '../../../../lib/core/postal/audit/delivery-tally.ts';
import type { DeliveryFacts } from '../../../../lib/core/postal/audit/snapshot.ts';

const nowMs = Date.UTC(2026, 0, 2);
const hourMs = 3_600_000;

type Given = Partial<Delivery> & { readonly ageHours: number; readonly status: string };

const delivery = ({ ageHours, ...given }: Given, index: number): Delivery => ({
  id: index + 1,
  messageId: index + 1,
  serverId: 1,
  endpointId: 5,
  details: null,
  output: null,
  isEncrypted: true,
  atMs: nowMs - ageHours * hourMs,
  ...given,
});

const factsOf = (deliveries: readonly Given[]): DeliveryFacts | undefined => {
  const tally = new DeliveryTally(nowMs);
  for (const one of deliveries.map(delivery)) tally.add(one);
  return tally.facts().get(5);
};

describe('failing', () => {
  const cases: readonly (readonly [string, boolean, readonly Given[]])[] = [
    ['one greylisted message', false, [{ ageHours: 1, status: 'SoftFail' }]],
    [
      'one message that failed twice',
      true,
      [
        { ageHours: 2, status: 'SoftFail', messageId: 7 },
        { ageHours: 1, status: 'Error', messageId: 7 },
      ],
    ],
    ['many messages that failed once each', false, [1, 2, 3].map((ageHours) => ({ ageHours, status: 'SoftFail' }))],
    ['one refused recipient', false, [{ ageHours: 1, status: 'HardFail' }]],
    [
      'two messages refused for good',
      true,
      [
        { ageHours: 2, status: 'HardFail' },
        { ageHours: 1, status: 'HardFail' },
      ],
    ],
    [
      'one message of each of two servers with the same id',
      false,
      [
        { ageHours: 2, status: 'SoftFail', messageId: 7 },
        { ageHours: 1, status: 'SoftFail', messageId: 7, serverId: 2 },
      ],
    ],
    [
      'failures before the newest success',
      false,
      [
        { ageHours: 3, status: 'SoftFail', messageId: 7 },
        { ageHours: 2, status: 'SoftFail', messageId: 7 },
        { ageHours: 1, status: 'Sent' },
      ],
    ],
    [
      'a failure at the moment of the newest success',
      false,
      [
        { ageHours: 2, status: 'Sent' },
        { ageHours: 2, status: 'SoftFail', messageId: 7 },
        { ageHours: 1, status: 'SoftFail', messageId: 7 },
      ],
    ],
    [
      'two failures after it',
      true,
      [
        { ageHours: 3, status: 'Sent' },
        { ageHours: 2, status: 'SoftFail', messageId: 7 },
        { ageHours: 1, status: 'HardFail', messageId: 7 },
      ],
    ],
    [
      'failures older than the window',
      false,
      [
        { ageHours: 73, status: 'SoftFail', messageId: 7 },
        { ageHours: 72, status: 'SoftFail', messageId: 7 },
        { ageHours: 1, status: 'SoftFail', messageId: 7 },
      ],
    ],
    [
      'messages that are held',
      false,
      [
        { ageHours: 2, status: 'Held', messageId: 7 },
        { ageHours: 1, status: 'Held', messageId: 7 },
      ],
    ],
  ];
  it.each(cases)('%s: %s', (_name, isFailing, deliveries) => {
    expect(factsOf(deliveries)?.failingNow ?? false).toBe(isFailing);
  });

  it('began with the first failure after the newest success', () => {
    const deliveries = [5, 4, 2, 1].map((ageHours) => ({
      ageHours,
      status: ageHours === 4 ? 'Sent' : 'SoftFail',
      messageId: ageHours === 4 ? 1 : 7,
    }));
    expect(factsOf(deliveries)).toMatchObject({ failingSinceMs: nowMs - 2 * hourMs, lastSentAtMs: nowMs - 4 * hourMs });
  });
});

describe('the tally', () => {
  const statuses = fc.constantFrom('Sent', 'SoftFail', 'HardFail', 'Error', 'Held', 'Processed');
  const anyDelivery = fc.record({
    ageHours: fc.integer({ min: 0, max: 90 }),
    status: statuses,
    messageId: fc.integer({ min: 1, max: 6 }),
    isEncrypted: fc.boolean(),
  });

  it('does not depend on the order in which deliveries are read', () => {
    void fc.assert(
      fc.property(fc.array(anyDelivery, { maxLength: 30 }), fc.integer(), (deliveries, seed) => {
        const rows = deliveries.map(delivery);
        const shuffled = rows.toSorted((one, other) => ((one.id * 7919 + seed) % 31) - ((other.id * 7919 + seed) % 31));
        const read = (order: readonly Delivery[]) => {
          const tally = new DeliveryTally(nowMs);
          for (const one of order) tally.add(one);
          return tally.facts();
        };
        expect(read(shuffled)).toEqual(read(rows));
      }),
    );
  });

  it('counts every delivery of the window once in each window that it falls in', () => {
    void fc.assert(
      fc.property(fc.array(anyDelivery, { maxLength: 30 }), (deliveries) => {
        const facts = factsOf(deliveries);
        for (const [window, hours] of [
          ['1h', 1],
          ['24h', 24],
          ['72h', 72],
        ] as const) {
          const counted = Object.values(facts?.counts[window] ?? {}).reduce((sum, count) => sum + count, 0);
          expect(counted).toBe(deliveries.filter(({ ageHours }) => ageHours < hours).length);
        }
        expect(facts?.sentPlaintext ?? 0).toBe(
          deliveries.filter(({ ageHours, status, isEncrypted }) => ageHours < 72 && status === 'Sent' && !isEncrypted)
            .length,
        );
      }),
    );
  });

  it('keeps no address of the newest failure', () => {
    const details = 'Message for Jane.Doe+tag@acme.example refused';
    const output = '550 5.1.1 <jane@acme.example>: unknown, ask "post@x.example"(a@b)';
    expect(factsOf([{ ageHours: 1, status: 'HardFail', details, output }])?.lastFailure).toEqual({
      status: 'HardFail',
      details: 'Message for (address) refused',
      output: '550 5.1.1 <(address)>: unknown, ask "(address)"((address))',
    });
  });
});
