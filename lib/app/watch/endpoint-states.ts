import type { EndpointStatus } from '../../core/watch/endpoint-status.ts';
import type { Health } from '../../core/watch/health/health.ts';
import type { Observation } from '../../core/watch/health/observation.ts';
import { standbyHealthOf } from '../../core/watch/health/standby.ts';
import { stateSummaryOf } from '../../core/watch/health/state-summary.ts';
import { muteOf, mutesByName } from '../../core/watch/mute/mute.ts';
import type { Ports } from '../ports/ports.ts';
import { lastProbes, listRegistered } from '../state/directory.ts';
import { listDrifts } from '../state/drift-store.ts';
import { listHealths } from '../state/health-store.ts';
import { listLookTimes } from '../state/look-times.ts';
import { listMutes } from '../state/mute-store.ts';
import { muteRulesOf } from '../state/mutes-by-name.ts';
import { observeRegistered } from './observe-registered.ts';

type Seen = Omit<EndpointStatus, 'registered' | 'mute' | 'standby'>;

/**
 * Whether the last probe that was kept says more than watch does: it is newer (look times are kept to the second), and it was not the prober or the resolver
 * that failed; or nothing could be said at that probe, and watch, which takes an endpoint for up until it sees otherwise, has never seen Postal get in encrypted.
 */
const isCloser = ({ state, cause, atMs }: Observation, health: Health | undefined, lookedAtMs: number): boolean => {
  if (state === 'inconclusive' && (cause === 'prober' || cause === 'resolver')) return false;
  const isUnseen = state === 'inconclusive' && health?.state === 'up' && health.encrypted !== true;
  return isUnseen || Math.floor(atMs / 1000) * 1000 > lookedAtMs;
};

/** As watch has it; undefined where it has not been. */
const byWatch = (health: Health | undefined, lookedAtMs: number): Seen | undefined => {
  if (health === undefined) return undefined;
  const { state, blind, certificateExpiresAtMs: endsMs } = health;
  return {
    ...(blind === undefined
      ? { state, brief: 'checked by watch' }
      : { state: 'inconclusive', brief: `unknown: the ${blind.cause} failed` }),
    seenAtMs: lookedAtMs,
    ...(endsMs === undefined ? {} : { certificateExpiresAtMs: endsMs }),
  };
};

/** As watch has it, with the words and facts of the last probe, or as that probe has it. */
const byBoth = (watched: Seen | undefined, probed: Seen, isProbeCloser: boolean): Seen => {
  const seenAtMs = Math.max(probed.seenAtMs ?? 0, watched?.seenAtMs ?? 0);
  if (watched === undefined || isProbeCloser || watched.state === probed.state)
    return { ...watched, ...probed, seenAtMs };
  // Watch believes a change only when several looks agree.
  const brief =
    watched.state === 'inconclusive' ? watched.brief : `last check found it ${probed.state}, not confirmed yet`;
  return { ...probed, ...watched, brief, seenAtMs };
};

/**
 * How all registered endpoints are, in alphabetical order: as watch has confirmed it, unless somebody had a closer look since, which told something. Where
 * watch has not been, the last probe counts.
 */
export const endpointStates = async (
  { state, clock, policy, profile }: Pick<Ports, 'state' | 'clock' | 'policy' | 'profile'>,
  signal: AbortSignal,
): Promise<readonly EndpointStatus[]> => {
  const [directory, probes, healths, times, drifts, entered] = await Promise.all([
    listRegistered(state, signal),
    lastProbes(state, signal),
    listHealths(state, signal),
    listLookTimes(state, signal),
    listDrifts(state, signal),
    listMutes(state, signal),
  ]);
  const nowMs = clock.now();
  const mutes = mutesByName(
    entered,
    muteRulesOf(policy),
    directory.map(({ definition }) => definition),
    nowMs,
  );

  return directory.map((registered): EndpointStatus => {
    const { hostname } = registered.definition;
    const [health, probed, lookedAtMs = 0] = [healths.get(hostname), probes.get(hostname), times.get(hostname)];
    const mute = muteOf(mutes, hostname, nowMs);
    const standby = standbyHealthOf(registered.definition, health);
    const beside = {
      registered,
      ...(mute === undefined ? {} : { mute }),
      ...(standby === undefined ? {} : { standby }),
    };
    const watched = byWatch(health, lookedAtMs);
    if (probed === undefined) return { ...beside, ...(watched ?? { state: 'inconclusive', brief: 'not probed yet' }) };
    const look = { atMs: Date.parse(probed.at), result: probed.result };
    const observation = observeRegistered(
      registered,
      look,
      { health, drift: drifts.get(hostname) },
      { policy, profile },
    );
    const { state: seen, atMs, certificateExpiresAtMs: endsMs } = observation;
    const brief = stateSummaryOf(observation, probed.result, profile);
    const byProbe: Seen = {
      state: seen,
      brief,
      seenAtMs: atMs,
      ...(endsMs === undefined ? {} : { certificateExpiresAtMs: endsMs }),
    };
    return { ...beside, ...byBoth(watched, byProbe, isCloser(observation, health, lookedAtMs)) };
  });
};
