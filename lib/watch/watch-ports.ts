import type { ZoneListing } from '../dns/zone-listing.ts';
import type { Policy } from '../policy/policy.ts';
import type { PostalProfile } from '../postal/profile.ts';
import type { BatchProber } from '../probe/report.ts';
import type { UnfinishedPorts } from './unfinished-business.ts';

/** Everything outside that watch may touch. Of the zones it only reads, and the ledger it does not write. */
export type WatchPorts = UnfinishedPorts & {
  readonly prober: BatchProber;
  readonly zones: ZoneListing;
  readonly policy: Policy;
  readonly profile: PostalProfile;
  /** A token that no other run has. */
  readonly newToken: () => string;
};
