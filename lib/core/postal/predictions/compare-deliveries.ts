import type { DeliveryFact } from '../database/delivery-page.ts';
import { compareDelivery, type EnteredEndpoint } from './compare-delivery.ts';
import { type Comparisons, comparisonsOfReading, past, withComparison, withoutOldDays } from './comparisons.ts';
import type { Looked, PredictionSpan } from './prediction-spans.ts';
import { recordedOf } from './recorded.ts';

/** What deliveries are compared with. */
export type Comparing = {
  /** The registered endpoint that a delivery went to; undefined: to none. */
  readonly endpointOf: (fact: DeliveryFact) => EnteredEndpoint | undefined;
  readonly spansOf: (hostname: string) => readonly PredictionSpan[];
  readonly lookedOf: (hostname: string) => Looked;
  /** Postal's release, by the profile. */
  readonly release: string;
  readonly nowMs: number;
};

/**
 * Compares a mail server's deliveries, which ascend by id, with what was predicted of them. Those that the record is past are left out. It ends at the first
 * that has to wait for the next probe of its endpoint. The record is the same object where nothing was compared.
 */
export const compareDeliveries = (
  record: Comparisons | undefined,
  readingSinceMs: number,
  facts: readonly DeliveryFact[],
  { endpointOf, spansOf, lookedOf, release, nowMs }: Comparing,
): Comparisons => {
  const before = record?.readingSinceMs === readingSinceMs ? record : comparisonsOfReading(record, readingSinceMs);
  let after = before;
  for (const fact of facts) {
    if (fact.id <= before.upTo) continue;
    const endpoint = fact.atMs <= before.onlyAfterMs ? undefined : endpointOf(fact);
    if (endpoint === undefined) {
      after = past(after, fact);
      continue;
    }
    const { hostname } = endpoint;
    const recorded = recordedOf(fact);
    const comparison = compareDelivery(recorded, fact.atMs, endpoint, spansOf(hostname), lookedOf(hostname), nowMs);
    if (comparison === 'wait') break;
    after = withComparison(after, fact, { comparison, hostname, release });
  }
  return after === before ? before : withoutOldDays(after, nowMs);
};
