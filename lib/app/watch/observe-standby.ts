import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import { withinJsonOctets } from '../../core/limits/octets.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { StandbyLook } from '../../core/watch/health/standby.ts';
import { stateSummaryOf } from '../../core/watch/health/state-summary.ts';
import type { ProbedEndpoint } from '../probe/probe-endpoints.ts';
import { observe } from './observe.ts';

const longestBrief = 200;

/** What a probe says of a standby, judged as if the name led there; pure. */
export const observeStandby = (
  definition: Definition,
  standby: Targets,
  { atMs, result, waitedMs }: Pick<ProbedEndpoint, 'atMs' | 'result' | 'waitedMs'>,
  profile: PostalProfile,
): StandbyLook => {
  const observation = observe({
    definition: { ...definition, targets: standby },
    profile,
    result,
    atMs,
    wasEncrypted: false,
    ...(waitedMs === undefined ? {} : { waitedMs }),
  });
  const brief = withinJsonOctets(stateSummaryOf(observation, result, profile), longestBrief);
  return { state: observation.state, brief, atMs };
};
