import type { ProbeReport, ProbeResult, StageName } from '../../core/probe-report/report.ts';
import type { Measured } from '../metrics.ts';

const greetings: ReadonlySet<StageName> = new Set(['ehlo', 'helo', 'ehlo-tls']);

/** Got as far as its greeting, and through TLS where that was tried. What it offers or takes then is not for a count to judge. */
const isPassed = ({ stages }: ProbeReport['addresses'][number]): boolean =>
  stages.some(({ stage, status }) => greetings.has(stage) && status === 'passed') &&
  !stages.some(({ stage, status }) => stage === 'tls' && status === 'failed');

const outcomeOf = (result: ProbeResult) => {
  if (!result.ok) return 'ProbesNotCarriedOut';
  const { addresses } = result.report;
  const passed = addresses.filter(isPassed).length;
  if (passed === 0) return 'ProbesFailed';
  return passed === addresses.length ? 'ProbesPassed' : 'ProbesPartlyPassed';
};

/** What the probes of one invocation met, counted. */
export const measuredProbes = (results: readonly ProbeResult[]): Measured =>
  Object.fromEntries(Object.entries(Object.groupBy(results, outcomeOf)).map(([metric, met]) => [metric, met.length]));
