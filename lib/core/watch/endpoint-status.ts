import type { Registered } from '../endpoint/registered.ts';
import type { EndpointState } from './health/observation.ts';
import type { StandbyHealth } from './health/standby.ts';
import type { Mute } from './mute/mute.ts';

/** How a registered endpoint is, as far as is known. */
export type EndpointStatus = {
  readonly registered: Registered;
  readonly state: EndpointState;
  /** What Postal does there, in a few words. */
  readonly brief: string;
  /** Milliseconds since the epoch; absent: nobody has looked yet. */
  readonly seenAtMs?: number;
  /** While its alerts are kept back. */
  readonly mute?: Mute;
  readonly certificateExpiresAtMs?: number;
  /** What the last probe of its standby found. */
  readonly standby?: StandbyHealth;
};
