import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparisonLimits } from '../../../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../../../lib/core/limits/octets.ts';
import type { DeliveryFact } from '../../../../lib/core/postal/database/delivery-page.ts';
import {
  type Comparing,
  compareDeliveries as compareAll,
} from '../../../../lib/core/postal/predictions/compare-deliveries.ts';
import {
  type Comparisons,
  comparisonSummary,
  comparisonsSchema,
} from '../../../../lib/core/postal/predictions/comparisons.ts';
import {
  longestGapMs,
  type PredictionSpan,
  withProbe,
} from '../../../../lib/core/postal/predictions/prediction-spans.ts';

const startMs = Date.parse('2026-03-02T10:00:00Z');
const minuteMs = 60_000;
const gapMs = longestGapMs(60);
const names = ['gitlab.mail.corp.internal', 'tickets.mail.corp.internal'] as const;
const definition = { port: 25, sslMode: 'Auto' } as const;

const fact = (id: number, atMs: number, more: Partial<DeliveryFact> = {}): DeliveryFact => ({
  id,
  messageId: id,
  endpointId: 0,
  routeId: null,
  status: 'Sent',
  details: null,
  output: null,
  isEncrypted: true,
  atMs,
  ...more,
});

const refused = {
  status: 'SoftFail',
  details: 'No SMTP servers were available for acme.example. Tried gitlab.mail.corp.internal.',
  output: 'Connection refused - connect(2) for "10.0.4.12" port 25',
  isEncrypted: false,
};

/** Endpoints 0 and 1 are registered, others are not. */
const comparing = (
  spans: ReadonlyMap<string, readonly PredictionSpan[]>,
  lastLooks: ReadonlyMap<string, number>,
  nowMs: number,
): Comparing => ({
  endpointOf: ({ endpointId }) => {
    const hostname = names[endpointId ?? -1];
    return hostname === undefined ? undefined : { hostname, ...definition };
  },
  spansOf: (hostname) => spans.get(hostname) ?? [],
  lookedOf: (hostname) => ({ lastLookMs: lastLooks.get(hostname), gapMs }),
  release: '3.3.7',
  nowMs,
  atMost: 1000,
});

const steady = (predicted: PredictionSpan['predicted'], nowMs: number): Comparing =>
  comparing(
    new Map(names.map((name) => [name, [{ predicted, ...definition, fromMs: startMs - 3_600_000 }]])),
    new Map(names.map((name) => [name, nowMs])),
    nowMs,
  );

/** The record alone. */
const compareDeliveries = (...given: Parameters<typeof compareAll>): Comparisons => compareAll(...given).record;

const total = (record: Comparisons | undefined): number => {
  const sum = record && comparisonSummary([record]);
  return sum === undefined ? 0 : sum.agreed + sum.differs + Object.values(sum.not).reduce((all, each) => all + each, 0);
};

it('counts each delivery of a registered endpoint, and keeps both sides of a difference', () => {
  const facts = [
    fact(4, startMs),
    fact(5, startMs + 1000, refused),
    fact(6, startMs + 2000, { ...refused, endpointId: 7 }),
    fact(9, startMs + 3000, { status: 'Held', details: 'Server is in development mode.' }),
    fact(10, startMs + 4000, refused),
  ];
  const record = compareDeliveries(undefined, 1, facts, steady('encrypted', startMs + 600_000));
  expect(record).toMatchObject({ upTo: 10, throughMs: startMs + 4000 });
  expect(comparisonSummary([record])).toEqual({
    agreed: 1,
    differs: 2,
    not: { 'not-tried': 1 },
    sinceDay: '2026-03-02',
    differences: [
      {
        hostname: names[0],
        predicted: 'encrypted',
        predictedFromMs: startMs - 3_600_000,
        status: 'SoftFail',
        said: `${refused.details} ${refused.output}`,
        isEncrypted: false,
        count: 2,
        lastMs: startMs + 4000,
        release: '3.3.7',
      },
    ],
  });
  expect(comparisonsSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

it('gets past no more than it may at once, and says how many', () => {
  const facts = Array.from({ length: 20 }, (_, index) =>
    fact(index, startMs + index * 1000, { endpointId: index % 3 }),
  );
  const known = { ...steady('encrypted', startMs + 600_000), atMost: 12 };
  const first = compareAll(undefined, 1, facts, known);
  expect([first.count, first.record.upTo]).toEqual([12, 11]);
  expect(compareAll(first.record, 1, facts, known)).toMatchObject({ count: 8, record: { upTo: 19 } });
});

it('counts none again, whatever of them it is given again', () => {
  const facts = Array.from({ length: 20 }, (_, index) => fact(index, startMs + index * 1000));
  const known = steady('encrypted', startMs + 600_000);
  const once = compareDeliveries(undefined, 1, facts.slice(0, 12), known);
  expect(compareDeliveries(once, 1, facts.slice(0, 12), known)).toBe(once);
  expect(total(compareDeliveries(once, 1, facts, known))).toBe(20);
});

it('counts those that a database that is read anew has once more only once', () => {
  const facts = Array.from({ length: 20 }, (_, index) => fact(index, startMs + index * 1000));
  const known = steady('encrypted', startMs + 600_000);
  const before = compareDeliveries(undefined, 1, facts.slice(0, 15), known);
  const anew = compareDeliveries(before, 2, facts.slice(0, 18), known);
  expect(total(anew)).toBe(18);
  // One that was written down late is older than others of the same reading.
  const late = fact(30, startMs + 17_500);
  expect(total(compareDeliveries(anew, 2, [...facts, late], known))).toBe(21);
});

it('waits for the probe after a delivery, and does not go past it', () => {
  const spans = new Map([[names[0], [{ predicted: 'encrypted', ...definition, fromMs: startMs - 300_000 } as const]]]);
  const facts = [
    fact(1, startMs + 1000),
    fact(2, startMs + 20_000, refused),
    fact(3, startMs + 21_000, { endpointId: 5 }),
  ];
  const early = compareDeliveries(
    undefined,
    1,
    facts,
    comparing(spans, new Map([[names[0], startMs + 10_000]]), startMs + 30_000),
  );
  expect([early.upTo, total(early)]).toEqual([1, 1]);
  const later = withProbe(
    spans.get(names[0]) ?? [],
    { predicted: 'not-in', ...definition, atMs: startMs + minuteMs },
    {
      lastLookMs: startMs + 10_000,
      gapMs,
    },
  );
  const after = compareDeliveries(
    early,
    1,
    facts,
    comparing(new Map([[names[0], later]]), new Map([[names[0], startMs + minuteMs]]), startMs + minuteMs),
  );
  expect(after.upTo).toBe(3);
  expect(comparisonSummary([after])).toMatchObject({ agreed: 1, differs: 0, not: { changed: 1 }, differences: [] });
});

it('counts no more days than the limit says, and keeps the record of a mail server small', () => {
  const longest = { ...refused, output: `${refused.output}, ${'"'.repeat(900)}` };
  let record: Comparisons | undefined;
  for (let index = 0; index < 4000; index += 1) {
    const atMs = startMs + index * 5 * minuteMs;
    const known = steady('encrypted', atMs + 10 * minuteMs);
    const unlike: Comparing = { ...known, release: String(index % 40) };
    record = compareDeliveries(record, 1, [fact(index, atMs, longest)], unlike);
  }
  expect(Object.keys(record?.days ?? {}).length).toBeLessThanOrEqual(comparisonLimits.days + 1);
  expect(record?.differences).toHaveLength(comparisonLimits.differences);
  expect(jsonOctets(record)).toBeLessThan(30_000);
});

it('counts every delivery once in whatever pieces it reads them, and however often it is stopped, as one that knew all probes would', () => {
  const delivery = fc.record({
    afterSeconds: fc.integer({ min: 0, max: 40 }),
    endpointId: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('sent', 'refused', 'held'),
  });
  const probe = fc.record({
    afterSeconds: fc.integer({ min: 20, max: 100 }),
    isUp: fc.boolean(),
    name: fc.constantFrom(...names),
  });
  fc.assert(
    fc.property(
      fc.array(delivery, { maxLength: 60 }),
      fc.array(probe, { maxLength: 60 }),
      fc.array(fc.record({ afterSeconds: fc.integer({ min: 1, max: 200 }), isKilled: fc.boolean() }), {
        maxLength: 30,
      }),
      (deliveries, probes, rounds) => {
        let atMs = startMs;
        const facts = deliveries.map(({ afterSeconds, endpointId, kind }, index) => {
          atMs += afterSeconds * 1000;
          const more =
            kind === 'sent'
              ? {}
              : kind === 'held'
                ? { status: 'Held' }
                : { ...refused, details: 'No hosts to try.', output: null };
          return fact(index * 3, atMs, { endpointId, ...more });
        });
        atMs = startMs - 200_000;
        const made = probes.map(({ afterSeconds, isUp, name }) => {
          atMs += afterSeconds * 1000;
          return { atMs, name, predicted: isUp ? ('encrypted' as const) : ('no-address' as const) };
        });
        const knownAt = (nowMs: number): Comparing => {
          const spans = new Map<string, readonly PredictionSpan[]>();
          const lastLooks = new Map<string, number>();
          for (const each of made.filter((one) => one.atMs <= nowMs)) {
            const looked = { lastLookMs: lastLooks.get(each.name), gapMs };
            const next = { predicted: each.predicted, ...definition, atMs: each.atMs };
            spans.set(each.name, withProbe(spans.get(each.name) ?? [], next, looked));
            lastLooks.set(each.name, each.atMs);
          }
          return comparing(spans, lastLooks, nowMs);
        };
        const endMs = startMs + 24 * 3_600_000;
        let record: Comparisons | undefined;
        let nowMs = startMs;
        for (const { afterSeconds, isKilled } of rounds) {
          nowMs += afterSeconds * 1000;
          const read = facts.filter((each) => each.atMs <= nowMs - 5000);
          const after = compareDeliveries(record, 1, read, knownAt(nowMs));
          if (!isKilled) record = after;
        }
        record = compareDeliveries(record, 1, facts, knownAt(endMs));
        expect(total(record)).toBe(facts.filter(({ endpointId }) => endpointId !== 2).length);
        const atOnce = compareDeliveries(undefined, 1, facts, knownAt(endMs));
        // What is forgotten of many changes may be missing to the one that comes late, and to no other.
        if (made.length <= comparisonLimits.spansPerEndpoint) expect(record.days).toEqual(atOnce.days);
      },
    ),
    { numRuns: 300 },
  );
});
