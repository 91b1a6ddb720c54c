import type { Entry } from './entry.ts';

/** The message of the audit channel that bears witness to a change. */
type Announcement = {
  readonly hostname: string;
  readonly changeId: string;
  /** Hashes of the change's entries that the message carries. */
  readonly hashes: readonly string[];
  readonly channelId: string;
  readonly ts: string;
  readonly permalink: string | null;
  /** SHA-256, hex, of the text that was posted. */
  readonly textDigest: string;
  /** ISO 8601, UTC: when the announcement was entered. */
  readonly at: string;
};

/** What the announcer's own stream comes to. */
export type AuditState = {
  readonly head?: Entry;
  readonly nextSequence: number;
  /** `hash` of the last entry, which the next audit message carries; null before the first. */
  readonly lastHash: string | null;
  /** By change id. */
  readonly announced: ReadonlyMap<string, Announcement>;
};

/** Folds the entries of the `_audit` stream, in order. A change announced again, such as one that landed late, counts at its last announcement. */
export const foldAudit = (entries: readonly Entry[]): AuditState => {
  const announced = new Map<string, Announcement>();
  for (const { at, body } of entries) {
    if (body.kind !== 'announced') continue;
    const { channelId, ts, permalink, textDigest } = body;
    for (const change of body.changes)
      announced.set(change.changeId, { ...change, channelId, ts, permalink, textDigest, at });
  }
  const head = entries.at(-1);
  return { nextSequence: (head?.sequence ?? 0) + 1, lastHash: head?.hash ?? null, announced, ...(head && { head }) };
};
