import * as z from 'zod';
import type { WitnessPost } from '../ports/witness.ts';

/** The event type by which the messages of the audit channel are distinguished from the app's other messages. */
export const auditEventType = 'postal_endpoint_change';

const sha256 = /^[0-9a-f]{64}$/;

const payloadSchema = z.object({
  announcement_id: z.string().min(1),
  previous_audit_hash: z.union([z.literal('none'), z.string().regex(sha256)]),
  changes: z.array(
    z.object({
      change_id: z.string().min(1),
      hostname: z.string().min(1),
      hashes: z.string().transform((joined) => joined.split(' ')),
    }),
  ),
});

/** A change announced as finished, and the hashes of its entries, in order. */
export type AnnouncedChange = {
  readonly hostname: string;
  readonly changeId: string;
  readonly hashes: readonly string[];
};

/** What an audit message bears witness to. */
export type AuditPost = {
  readonly announcementId: string;
  /** `hash` of the audit entry before; null in the first message. */
  readonly previousHash: string | null;
  readonly changes: readonly AnnouncedChange[];
};

/** Whether this app posted a message as an audit message. */
export const isAuditPost = ({ byThisApp, metadata }: WitnessPost): boolean =>
  byThisApp && metadata?.eventType === auditEventType;

/** Reads the metadata of an audit message; undefined where it holds none of the announcer's. */
export const readAuditPost = ({ metadata }: WitnessPost): AuditPost | undefined => {
  if (metadata?.eventType !== auditEventType) return undefined;
  const parsed = payloadSchema.safeParse(metadata.payload);
  if (!parsed.success) return undefined;
  const { announcement_id, previous_audit_hash, changes } = parsed.data;
  return {
    announcementId: announcement_id,
    previousHash: previous_audit_hash === 'none' ? null : previous_audit_hash,
    changes: changes.map(({ change_id, hostname, hashes }) => ({ changeId: change_id, hostname, hashes })),
  };
};

/** Whether two accounts tell the same of the same changes, in the same order. */
export const announceTheSame = (one: readonly AnnouncedChange[], other: readonly AnnouncedChange[]): boolean =>
  one.length === other.length && one.every((change, index) => changeKey(change) === changeKey(other[index]));

/** What is announced of a change, as one string. */
export const changeKey = (change: AnnouncedChange | undefined): string =>
  change === undefined ? '' : JSON.stringify([change.hostname, change.changeId, ...change.hashes]);
