import { assess } from '../postal/assess.ts';
import type { PostalProfile } from '../postal/profile.ts';
import type { ProbeResult } from '../probe-report/report.ts';
import type { Observation } from './observation.ts';

/** Why nothing can be said, in a few words. */
const unknown = (cause: Observation['cause']): string => {
  switch (cause) {
    case 'prober':
      return 'could not be told: the prober';
    case 'resolver':
      return 'could not be told: the resolver';
    case 'busy':
      return 'could not be told: it put the prober off';
    case 'timeout':
      return 'could not be told: it was silent';
    default:
      return 'could not be told';
  }
};

/** What Postal does at an endpoint in a few words, for a table; never at odds with the state that was observed. */
export const stateSummaryOf = (
  { state, cause, atMs }: Observation,
  result: ProbeResult,
  profile: PostalProfile,
): string => {
  const seen = assess(result, { profile, nowMs: atMs });
  if (state === 'inconclusive' || !seen.ok) return unknown(cause);
  const { level, brief } = seen.assessment.verdict;
  // Of silence a verdict says nothing, and watch that nothing answers.
  if (level === 'unknown') return state === 'down' ? 'retries, then bounces' : 'gets in, after waiting';
  return brief;
};
