import { recordSetsOf } from '../../core/dns/plan.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { ProbeResult } from '../../core/probe-report/report.ts';
import type { Drifted } from '../../core/watch/health/drifted.ts';
import type { Health } from '../../core/watch/health/health.ts';
import type { Observation } from '../../core/watch/health/observation.ts';
import { observe } from './observe.ts';

/** As long as a resolver may remember that there was no such name: the negative TTL that Route 53 gives a new zone. */
const negativeTtlSeconds = 900;

/** What is known of an endpoint besides what one look met. */
type Known = { readonly health: Health | undefined; readonly drift: Drifted | undefined };

/** Long enough after a change, a resolver that answers something else remembers nothing: it is wrong. */
const resolversKnow = ({ at }: Registered, { ttl }: Pick<Policy, 'ttl'>, atMs: number): boolean =>
  atMs - Date.parse(at) > (Math.max(ttl.maximum, negativeTtlSeconds) + 60) * 1000;

/** What one look at a registered endpoint says, compared with what is registered and what is known of it; pure. */
export const observeRegistered = (
  registered: Registered,
  { atMs, result, waitedMs }: { readonly atMs: number; readonly result: ProbeResult; readonly waitedMs?: number },
  { health, drift }: Known,
  { policy, profile }: { readonly policy: Pick<Policy, 'ttl'>; readonly profile: PostalProfile },
): Observation => {
  const { definition, changeId } = registered;
  const knows = drift === undefined && resolversKnow(registered, policy, atMs);
  return observe({
    definition,
    profile,
    result,
    atMs,
    wasEncrypted: health?.encrypted === true,
    ...(waitedMs === undefined ? {} : { waitedMs }),
    ...(drift === undefined ? {} : { drift: drift.finding }),
    ...(knows ? { inRoute53: recordSetsOf(definition, { changeId, generation: 1 }) } : {}),
  });
};
