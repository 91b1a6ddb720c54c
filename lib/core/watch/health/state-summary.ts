import { assess } from '../../postal/assess.ts';
import type { PostalProfile } from '../../postal/profile.ts';
import type { ProbeResult } from '../../probe-report/report.ts';
import type { Observation } from './observation.ts';

/** Why the state is unknown, in a few words. */
const unknown = (cause: Observation['cause']): string => {
  switch (cause) {
    case 'prober':
      return 'unknown: the prober failed';
    case 'resolver':
      return 'unknown: the resolver failed';
    case 'busy':
      return 'unknown: a temporary refusal';
    case 'timeout':
      return 'unknown: no reply in time';
    default:
      return 'unknown';
  }
};

/** What Postal does at an endpoint in a few words, for a table; it never contradicts the observed state. */
export const stateSummaryOf = (
  { state, cause, atMs }: Observation,
  result: ProbeResult,
  profile: PostalProfile,
): string => {
  const seen = assess(result, { profile, nowMs: atMs });
  if (state === 'inconclusive' || !seen.ok) return unknown(cause);
  const { level, brief } = seen.assessment.verdict;
  // After silence the verdict is unknown, while watch knows that nothing answers.
  if (level === 'unknown') return state === 'down' ? 'retries, then bounces' : 'gets in, after waiting';
  return brief;
};
