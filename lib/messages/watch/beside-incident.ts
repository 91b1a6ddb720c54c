import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { StandbyHealth } from '../../core/watch/health/standby.ts';
import type { Acknowledgement, Member } from '../../core/watch/incident/incident.ts';
import type { Mute } from '../../core/watch/mute/mute.ts';

/** What the message shows besides the incident itself. */
export type BesideIncident = {
  /** User groups that the alert mentions. */
  readonly mentions: readonly string[];
  /** Of its endpoints that still fail, as far as they are known, what is registered and what the last probe of the standby found. */
  readonly endpoints: readonly {
    readonly definition: Definition;
    readonly state: Member['state'];
    readonly standby: StandbyHealth | undefined;
  }[];
  /** The mute in force for all of its endpoints. */
  readonly mute: Mute | undefined;
  /** The target of a failover since the incident was opened, once it is resolved. */
  readonly failedOverTo: Targets | undefined;
  readonly acknowledgement: Acknowledgement | undefined;
  /** Of an endpoint that Postal has and nobody registered: there is nothing to check, mute, fail over or look up in the history. */
  readonly isUnregistered: boolean;
};
