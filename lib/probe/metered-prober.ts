import type { MetricName, Metrics } from '../metrics.ts';
import type { ProbeResult, Prober } from './report.ts';

const outcomeOf = (result: ProbeResult): MetricName => {
  if (!result.ok) return 'ProbesNotCarriedOut';
  const { addresses } = result.report;
  const passed = addresses.filter(({ stages }) => stages.every(({ status }) => status !== 'failed')).length;
  if (passed === 0) return 'ProbesFailed';
  return passed === addresses.length ? 'ProbesPassed' : 'ProbesPartlyPassed';
};

/** A prober that counts what its probes met. */
export const meteredProber = (prober: Prober, metrics: Metrics): Prober => ({
  ...prober,
  probe: async (request, signal) => {
    const result = await prober.probe(request, signal);
    metrics.record({ [outcomeOf(result)]: 1 });
    return result;
  },
});
