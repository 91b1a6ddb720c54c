import type { Plan } from '../dns/plan.ts';
import type { Actor } from './entry.ts';

/** What proposes a bulk: an imported file, an address that moves or is left for the standbys, records to adopt, changes to undo, or what an earlier bulk did not apply. */
export const bulkSources = ['import', 'move', 'failover', 'adopt', 'undo', 'retry'] as const;
export type BulkSource = (typeof bulkSources)[number];

/** One change of a bulk: an ordinary plan, and the sentences that its requester was warned with. */
export type BulkPart = { readonly changeId: string; readonly plan: Plan; readonly warnings: readonly string[] };

/** What was proposed and cannot be changed: a hostname, or a line of a file, and why, in sentences. */
export type LeftOut = { readonly what: string; readonly reason: string };

/** A rule of the policy that wants a second person's approval of a bulk, who is asked in `channelId`. */
export type BulkNeed = { readonly because: string; readonly channelId: string };

/** What happened to one change of a bulk. `hash`: of the change's last entry in its own stream. `reason`: of what was not applied. */
export type BulkOutcome = {
  readonly changeId: string;
  readonly hostname: string;
  readonly state: 'applied' | 'failed' | 'conflict';
  readonly hash: string;
  readonly reason?: string;
  /** Its batch was never answered, and may still land. */
  readonly mayLandLate?: true;
};

/** How many changes of a bulk ended in which way. */
export type BulkCounts = { readonly applied: number; readonly failed: number; readonly conflict: number };

/**
 * Entries of a bulk's own stream. Its plans come first, in chunks, for an item of the table holds 400 KB; `draft` tells those of a request that was
 * interrupted from those of the next try, and `bulk-requested` says which draft counts. `approved`, `rejected`, `cancelled` and `expired` are those of
 * a change, with the bulk's id and digest. Then come the outcomes, in chunks, and the entry that closes the bulk.
 */
export type BulkEntryBody =
  | {
      readonly kind: 'bulk-plans';
      readonly bulkId: string;
      readonly draft: number;
      readonly parts: readonly BulkPart[];
    }
  | {
      readonly kind: 'bulk-requested';
      readonly bulkId: string;
      readonly requestId: string;
      readonly source: BulkSource;
      readonly actor: Actor;
      readonly text: string;
      /** For people: `Import names.csv`. */
      readonly title: string;
      readonly draft: number;
      /** Number of changes. */
      readonly names: number;
      /** SHA-256, hex, of the list as the file that people get. */
      readonly digest: string;
      /** ISO 8601, UTC: until when it can be confirmed and approved. An approved bulk does not expire. */
      readonly expiresAt: string;
      readonly needs: readonly BulkNeed[];
      /** What was proposed and is not part of the bulk; `leftOutCount` counts all of it. */
      readonly leftOut: readonly LeftOut[];
      readonly leftOutCount: number;
      /** Sentences that people were shown with the list. */
      readonly remarks?: readonly string[];
      /** Postal is known not to get in where the names would lead. */
      readonly breaksDelivery?: true;
      /** The bulk that this one takes back, or tries again. */
      readonly of?: string;
    }
  | { readonly kind: 'bulk-settled'; readonly bulkId: string; readonly outcomes: readonly BulkOutcome[] }
  | ({ readonly kind: 'bulk-closed'; readonly bulkId: string } & BulkCounts);
