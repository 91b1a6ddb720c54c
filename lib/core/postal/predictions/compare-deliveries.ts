import type { DeliveryFact } from '../database/delivery-page.ts';
import { compareDelivery, type EnteredEndpoint } from './compare-delivery.ts';
import { type Comparisons, comparisonsOfReading, past, withComparison, withoutOldDays } from './comparisons.ts';
import type { Looked, PredictionSpan } from './prediction-spans.ts';

/** What deliveries are compared with. */
export type Comparing = {
  /** The registered endpoint that a delivery went to; undefined: to none. */
  readonly endpointOf: (fact: DeliveryFact) => EnteredEndpoint | undefined;
  readonly spansOf: (hostname: string) => readonly PredictionSpan[];
  readonly lookedOf: (hostname: string) => Looked;
  /** Postal's release, by the profile. */
  readonly release: string;
  readonly nowMs: number;
  /** How many deliveries it gets past at most. */
  readonly atMost: number;
};

/**
 * Compares a mail server's deliveries, which ascend by id, with what was predicted of them. Those that the record is past are left out. It ends at the first
 * that has to wait for the next probe of its endpoint. `count`: how many it got past; with 0 the record is the same object.
 */
export const compareDeliveries = (
  record: Comparisons | undefined,
  readingSinceMs: number,
  facts: readonly DeliveryFact[],
  { endpointOf, spansOf, lookedOf, release, nowMs, atMost }: Comparing,
): { readonly record: Comparisons; readonly count: number } => {
  const before = record?.readingSinceMs === readingSinceMs ? record : comparisonsOfReading(record, readingSinceMs);
  let after = before;
  let count = 0;
  const next = facts.findIndex(({ id }) => id > before.upTo);
  for (const fact of next < 0 ? [] : facts.slice(next, next + atMost)) {
    const endpoint = fact.atMs <= before.onlyAfterMs ? undefined : endpointOf(fact);
    if (endpoint === undefined) {
      after = past(after, fact);
      count += 1;
      continue;
    }
    const { hostname } = endpoint;
    const comparison = compareDelivery(fact, endpoint, spansOf(hostname), lookedOf(hostname), nowMs);
    if (comparison === 'wait') break;
    after = withComparison(after, fact, { comparison, hostname, release });
    count += 1;
  }
  return { record: count === 0 ? before : withoutOldDays(after, nowMs), count };
};
