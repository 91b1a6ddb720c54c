import { briefOf } from '../watch/brief.ts';
import { listDrifts } from '../watch/drift-store.ts';
import type { Health } from '../watch/health.ts';
import { listHealths } from '../watch/health-store.ts';
import { listLookTimes } from '../watch/look-times.ts';
import { type Mute, muteOf } from '../watch/mute.ts';
import { listMutes } from '../watch/mute-store.ts';
import type { EndpointState, Observation } from '../watch/observation.ts';
import { observeRegistered } from '../watch/observe-registered.ts';
import { lastProbes, listRegistered, type Registered } from './directory.ts';
import type { Ports } from './ports.ts';

/** How a registered endpoint is, as far as is known. */
export type Standing = {
  readonly registered: Registered;
  readonly state: EndpointState;
  /** What Postal does there, in a few words. */
  readonly brief: string;
  /** Milliseconds since the epoch; absent: nobody has looked yet. */
  readonly seenAtMs?: number;
  /** While its alerts are kept back. */
  readonly mute?: Mute;
  readonly certificateExpiresAtMs?: number;
};

/**
 * Whether the last probe that was kept says more than watch does: it is newer (look times are kept to the second), and not the prober was in trouble; or
 * nothing could be said at that probe, and watch, which takes an endpoint for up until it has seen otherwise, has never seen Postal get in encrypted.
 */
const isCloser = ({ state, cause, atMs }: Observation, health: Health | undefined, lookedAtMs: number): boolean => {
  if (state === 'inconclusive' && (cause === 'prober' || cause === 'resolver')) return false;
  const isUnseen = state === 'inconclusive' && health?.state === 'up' && health.encrypted !== true;
  return isUnseen || Math.floor(atMs / 1000) * 1000 > lookedAtMs;
};

/** What to say where watch knows otherwise than the last probe that was kept. */
const differing = (health: Health | undefined, seen: EndpointState): string =>
  health?.blind === undefined ? `last look ${seen}, not confirmed yet` : `could not be told: the ${health.blind.cause}`;

/**
 * How all registered endpoints are, in alphabetical order: as watch has confirmed it, unless somebody had a closer look since, which told something. Where
 * watch has not been, the last probe counts.
 */
export const endpointStates = async (
  { state, clock, policy, profile }: Pick<Ports, 'state' | 'clock' | 'policy' | 'profile'>,
  signal: AbortSignal,
): Promise<readonly Standing[]> => {
  const [directory, probes, healths, times, drifts, mutes] = await Promise.all([
    listRegistered(state, signal),
    lastProbes(state, signal),
    listHealths(state, signal),
    listLookTimes(state, signal),
    listDrifts(state, signal),
    listMutes(state, signal),
  ]);
  const nowMs = clock.now();

  return directory.map((registered): Standing => {
    const { hostname } = registered.definition;
    const [health, probed, lookedAtMs = 0] = [healths.get(hostname), probes.get(hostname), times.get(hostname)];
    const mute = muteOf(mutes, hostname, nowMs);
    const beside = { registered, ...(mute === undefined ? {} : { mute }) };
    const confirmed = health?.blind === undefined ? health?.state : 'inconclusive';
    if (probed === undefined) {
      if (confirmed === undefined) return { ...beside, state: 'inconclusive', brief: 'not probed yet' };
      const endsMs = health?.certificateExpiresAtMs;
      return {
        ...beside,
        state: confirmed,
        brief: 'seen by watch',
        seenAtMs: lookedAtMs,
        ...(endsMs === undefined ? {} : { certificateExpiresAtMs: endsMs }),
      };
    }
    const { result } = probed;
    const atMs = Date.parse(probed.at);
    const seen = observeRegistered(registered, { atMs, result }, { health, drift: drifts.get(hostname) }, { policy, profile });
    const shown = isCloser(seen, health, lookedAtMs) ? seen.state : (confirmed ?? seen.state);
    const endsMs =
      atMs > lookedAtMs
        ? (seen.certificateExpiresAtMs ?? health?.certificateExpiresAtMs)
        : (health?.certificateExpiresAtMs ?? seen.certificateExpiresAtMs);
    return {
      ...beside,
      state: shown,
      brief: shown === seen.state ? briefOf(seen, result, profile) : differing(health, seen.state),
      seenAtMs: Math.max(atMs, lookedAtMs),
      ...(endsMs === undefined ? {} : { certificateExpiresAtMs: endsMs }),
    };
  });
};
