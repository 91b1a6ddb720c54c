import { changeBatch, type Plan } from '../dns/plan.ts';
import { route53BatchLimits } from '../limits/limits.ts';

/** What a plan's change batch counts against Route 53's limits. */
const sizeOf = (plan: Plan): { readonly values: number; readonly characters: number } => {
  const values = changeBatch(plan).flatMap(({ recordSet }) => recordSet.values);
  return { values: values.length, characters: values.reduce((sum, value) => sum + value.length, 0) };
};

/** Cuts changes, in order, into groups whose batches Route 53 takes as one: of one zone, up to its limits on records and characters. */
export const packBatches = <Part extends { readonly plan: Plan }>(
  parts: readonly Part[],
): readonly (readonly Part[])[] => {
  const batches: Part[][] = [];
  for (const ofZone of Map.groupBy(parts, ({ plan }) => plan.zoneId).values()) {
    let batch: Part[] = [];
    let room: { values: number; characters: number } = { ...route53BatchLimits };
    for (const part of ofZone) {
      const size = sizeOf(part.plan);
      if (batch.length === 0 || size.values > room.values || size.characters > room.characters) {
        batch = [];
        batches.push(batch);
        room = { ...route53BatchLimits };
      }
      batch.push(part);
      room = { values: room.values - size.values, characters: room.characters - size.characters };
    }
  }
  return batches;
};
