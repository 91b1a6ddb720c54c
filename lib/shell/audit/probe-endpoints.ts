import { randomUUID } from 'node:crypto';
import { systemClock } from '../../adapters/system-clock.ts';
import { concurrently } from '../../core/base/concurrently.ts';
import { assessmentOf } from '../../core/postal/assessment.ts';
import type { Probed } from '../../core/postal/audit/audit.ts';
import type { PostalEndpoint } from '../../core/postal/audit/snapshot.ts';
import { certificateExpiryOf } from '../../core/postal/metrics/probe-gauges.ts';
import { sessionFailureOf } from '../../core/postal/metrics/session-failure.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import { checkEndpoint, shellProber } from '../check-endpoint.ts';

const probesAtOnce = 16;
/** Postal's own patience, for a few addresses one after the other. */
const deadlineMs = 120_000;

const placeOf = ({ hostname, port, sslMode }: PostalEndpoint): string => JSON.stringify([hostname, port, sslMode]);

/** Probes every endpoint from this machine as Postal would use it; those that are the same are probed once. */
export const probeEndpoints = async (
  endpoints: readonly PostalEndpoint[],
  profile: PostalProfile,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Probed>> => {
  const probes = new Map<number, Probed>();
  const prober = shellProber({ profile, ...(ca === undefined ? {} : { ca }) }, systemClock);
  await concurrently(Map.groupBy(endpoints, placeOf).values(), probesAtOnce, async (same) => {
    const [endpoint] = same;
    if (endpoint === undefined) return;
    const { hostname, port, sslMode } = endpoint;
    const check = { hostname, port, sslMode: sslMode ?? '', requestId: randomUUID(), deadlineMs, profile };
    const checked = await checkEndpoint(check, systemClock, signal, prober);
    const probed = ((): Probed => {
      if (!checked.ok) return { ok: false, message: checked.failure.message };
      const { report, prediction } = checked;
      const { verdict, findings } = assessmentOf(report, prediction, { profile, nowMs: systemClock.now() });
      return {
        ok: true,
        prediction,
        verdict,
        findings,
        failure: sessionFailureOf(report, prediction),
        certificateExpiresAtMs: certificateExpiryOf(report),
      };
    })();
    for (const { id } of same) probes.set(id, probed);
  });
  return probes;
};
