import type { Measured, Metrics } from '../../lib/adapters/metrics.ts';

/** Metrics that are kept to be looked at. */
export const recordingMetrics = (): Metrics & { readonly recorded: readonly Measured[] } => {
  const recorded: Measured[] = [];
  return { recorded, record: (measured) => void recorded.push(measured) };
};
