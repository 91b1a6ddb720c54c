import type { ChangeVerb, Plan } from '../dns/plan.ts';
import type { RecordSet } from '../dns/record-set.ts';
import type { BulkEntryBody } from './bulk-entry.ts';

/** Who asked, as Slack named them in a signed request. */
export type Actor = {
  /** The person's own workspace, or their Enterprise organisation (`E…`); empty where Slack did not say. Never the workspace that the app is installed in. */
  readonly teamId: string;
  /** The Enterprise organisation that the workspace belongs to, where Slack named it. */
  readonly enterpriseId?: string;
  readonly userId: string;
  readonly userName: string;
  readonly channelId: string;
};

/** What happened. A change goes requested → approved | rejected | cancelled | expired → applying (attempt n) → applied | failed | conflict. */
export type EntryBody =
  | {
      readonly kind: 'refused';
      readonly requestId: string;
      readonly verb: string;
      readonly actor: Actor;
      readonly text: string;
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: 'requested';
      readonly changeId: string;
      readonly requestId: string;
      readonly verb: ChangeVerb;
      readonly actor: Actor;
      readonly text: string;
      readonly plan: Plan;
      /** Sentences that the requester was warned with. */
      readonly warnings: readonly string[];
      /** Id of the bulk that the change is part of. */
      readonly partOf?: string;
    }
  /** Released: by the requester where the plan wants a confirmation, by a second person where it wants an approval. */
  | {
      readonly kind: 'approved';
      readonly changeId: string;
      readonly requestId: string;
      readonly by: Actor;
      readonly planDigest: string;
      /** Of a bulk: names of the policy's rules for which this person's word counts. */
      readonly rules?: readonly string[];
    }
  | {
      readonly kind: 'rejected';
      readonly changeId: string;
      readonly requestId: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | { readonly kind: 'cancelled'; readonly changeId: string; readonly requestId: string; readonly by: Actor }
  | { readonly kind: 'expired'; readonly changeId: string }
  | { readonly kind: 'applying'; readonly changeId: string; readonly attempt: number; readonly deadline: string }
  | {
      readonly kind: 'applied';
      readonly changeId: string;
      readonly changeInfoId: string | null;
      /** The batch was found in Route 53 when the change was permitted no longer, and this is why; nothing was taken back. */
      readonly notPermitted?: string;
    }
  | { readonly kind: 'failed'; readonly changeId: string; readonly reason: string; readonly mayLandLate: boolean }
  | {
      readonly kind: 'conflict';
      readonly changeId: string;
      readonly reason: string;
      readonly found: readonly RecordSet[];
      /** Absent in what older versions wrote. */
      readonly mayLandLate?: boolean;
    }
  /** A recipient was tried, or a marked message delivered, for a check: it touches someone's queue. */
  | {
      readonly kind: 'tried';
      readonly requestId: string;
      readonly actor: Actor;
      readonly text: string;
      readonly recipient: string;
      readonly delivered: boolean;
    }
  /** Alerts are kept back from one time to another (ISO 8601, UTC). */
  | {
      readonly kind: 'muted';
      readonly requestId: string;
      readonly actor: Actor;
      readonly text: string;
      readonly from: string;
      readonly until: string;
      readonly reason: string | null;
      /** What is muted, in the stream of mutes that are not of one hostname; absent: the stream's hostname. */
      readonly scope?: string;
    }
  | {
      readonly kind: 'unmuted';
      readonly requestId: string;
      readonly actor: Actor;
      readonly text: string;
      readonly scope?: string;
    }
  /** Somebody has taken an incident over. */
  | {
      readonly kind: 'acknowledged';
      readonly requestId: string;
      readonly actor: Actor;
      readonly text: string;
      readonly incidentId: string;
      /** In a few words, as it was then. */
      readonly title: string;
    }
  | {
      readonly kind: 'announced';
      readonly changes: readonly {
        readonly hostname: string;
        readonly changeId: string;
        readonly hashes: readonly string[];
      }[];
      readonly channelId: string;
      readonly ts: string;
      readonly permalink: string | null;
      /** SHA-256, hex, of the text that was posted. */
      readonly textDigest: string;
    }
  | BulkEntryBody;

/** A link of one stream's hash chain. `hash` is SHA-256, hex, over the RFC 8785 JSON of all the other fields. */
export type Entry = {
  /**
   * A hostname; or `bulk:<id>`; or `incident:<id>`; or `_mutes`, for mutes of more than one; or `_refused`, for requests whose hostname is none; or `_audit`,
   * the announcer's own.
   */
  readonly stream: string;
  /** From 1, without gap. */
  readonly sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** `hash` of the entry before; 64 zeros in the first. */
  readonly previousHash: string;
  readonly hash: string;
  readonly body: EntryBody;
};

/** The stream of what people do about an incident: no hostname has a colon. */
export const incidentStream = (incidentId: string): string => `incident:${incidentId}`;
export const auditStream = '_audit';
export const refusedStream = '_refused';
/** Mutes of a pattern, a target or an owner. */
export const mutesStream = '_mutes';
