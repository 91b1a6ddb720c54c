import type { Policy } from '../../core/policy/policy.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { BatchProber } from '../../core/probe-report/report.ts';
import type { PostalDatabase } from '../ports/postal-database.ts';
import type { ZoneListing } from '../ports/zone-listing.ts';
import type { UnfinishedPorts } from './unfinished-business.ts';

/** Everything outside that watch may touch. Of the zones it only reads, and the ledger it does not write. */
export type WatchPorts = UnfinishedPorts & {
  readonly prober: BatchProber;
  readonly zones: Pick<ZoneListing, 'list'>;
  /** Absent: Postal's database is not read from the VPC. */
  readonly database?: PostalDatabase;
  readonly policy: Policy;
  readonly profile: PostalProfile;
  /** A token that no other run has. */
  readonly newToken: () => string;
};
