import type { BulkEntryBody, BulkNeed, BulkOutcome, BulkPart, BulkSource, LeftOut } from '../ledger/bulk-entry.ts';
import type { Actor, Entry, EntryBody } from '../ledger/entry.ts';
import { bulkDigest } from './bulk-list.ts';

/** Somebody's word for a bulk, and the rules for which it counts. */
export type BulkApproval = { readonly by: Actor; readonly requestId: string; readonly rules: readonly string[] };

/** The state of a bulk, as the entries of its stream tell it. */
export type BulkState = {
  readonly bulkId: string;
  readonly requestId: string;
  readonly source: BulkSource;
  readonly actor: Actor;
  readonly text: string;
  readonly title: string;
  readonly parts: readonly BulkPart[];
  readonly digest: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly needs: readonly BulkNeed[];
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
  readonly remarks?: readonly string[];
  readonly breaksDelivery?: true;
  readonly of?: string;
  /** `requested` waits for its requester's word, `confirmed` for approvals; `released` is being applied, `closed` is over. */
  readonly state: 'requested' | 'confirmed' | 'released' | 'closed' | 'rejected' | 'cancelled' | 'expired';
  /** The requester's own word. */
  readonly confirmation?: BulkApproval;
  readonly approvals: readonly BulkApproval[];
  /** Who rejected or cancelled it. */
  readonly endedBy?: Actor;
  /** Of a rejection. */
  readonly reason?: string;
  /** ISO 8601, UTC. */
  readonly finishedAt?: string;
  /** By change id, in the order in which they ended. */
  readonly outcomes: ReadonlyMap<string, BulkOutcome>;
  /** Request ids of the decisions that count. */
  readonly decidedBy: ReadonlySet<string>;
  /** Hash of the entry that closed it. */
  readonly closingHash?: string;
  /** Hashes of its request, decisions and end: what bears witness to it. */
  readonly hashes: readonly string[];
};

/** What the entries of a bulk's stream come to. */
export type BulkStream = {
  /** Absent as long as its request is not complete. */
  readonly bulk?: BulkState;
  /** The highest draft begun; 0 before the first. */
  readonly drafts: number;
  /** Request ids that were refused, with why. */
  readonly refused: ReadonlyMap<string, readonly string[]>;
};

/** The rules that still want somebody's word. */
export const missingNeeds = ({ needs, approvals }: Pick<BulkState, 'needs' | 'approvals'>): readonly BulkNeed[] =>
  needs.filter(({ because }) => !approvals.some(({ rules }) => rules.includes(because)));

/** Whether a bulk waits for somebody, and could still expire. */
export const isWaiting = ({ state }: Pick<BulkState, 'state'>): boolean =>
  state === 'requested' || state === 'confirmed';

const released = (bulk: BulkState): BulkState =>
  bulk.confirmation !== undefined && missingNeeds(bulk).length === 0 ? { ...bulk, state: 'released' } : bulk;

/**
 * The next state of a bulk, or undefined where this state cannot have the entry: it is then passed over.
 *
 * | state \ entry | approved by the requester | approved by another | rejected, cancelled, expired | settled | closed |
 * | ------------- | ------------------------- | ------------------- | ---------------------------- | ------- | ------ |
 * | requested     | confirmed, or released    | ignored             | ended                        | ignored | ignored |
 * | confirmed     | ignored                   | released, once every rule has somebody | ended     | ignored | ignored |
 * | released      | ignored                   | ignored             | ignored                      | counted | closed |
 * | any other     | ignored                   | ignored             | ignored                      | ignored | ignored |
 */
const step = (bulk: BulkState, { at, hash }: Entry, body: EntryBody): BulkState | undefined => {
  const common = { ...bulk, hashes: [...bulk.hashes, hash] };
  switch (body.kind) {
    case 'approved': {
      if (!isWaiting(bulk) || body.planDigest !== bulk.digest) return undefined;
      const isOwn = body.by.userId === bulk.actor.userId;
      if (isOwn !== (bulk.state === 'requested')) return undefined;
      const word = { by: body.by, requestId: body.requestId, rules: isOwn ? [] : (body.rules ?? []) };
      return released(
        isOwn
          ? { ...common, state: 'confirmed', confirmation: word }
          : { ...common, approvals: [...bulk.approvals, word] },
      );
    }
    case 'rejected':
      return isWaiting(bulk)
        ? { ...common, state: 'rejected', endedBy: body.by, reason: body.reason, finishedAt: at }
        : undefined;
    case 'cancelled':
      return isWaiting(bulk) ? { ...common, state: 'cancelled', endedBy: body.by, finishedAt: at } : undefined;
    case 'expired':
      return isWaiting(bulk) ? { ...common, state: 'expired', finishedAt: at } : undefined;
    case 'bulk-settled': {
      if (bulk.state !== 'released') return undefined;
      const outcomes = new Map(bulk.outcomes);
      for (const outcome of body.outcomes) if (!outcomes.has(outcome.changeId)) outcomes.set(outcome.changeId, outcome);
      return { ...bulk, outcomes };
    }
    case 'bulk-closed':
      return bulk.state === 'released' ? { ...common, state: 'closed', finishedAt: at, closingHash: hash } : undefined;
    default:
      return undefined;
  }
};

/** A bulk as it is when it has been requested and nobody has decided on it. */
export const requestedBulk = (
  { kind: _kind, draft: _draft, names: _names, ...request }: Extract<BulkEntryBody, { kind: 'bulk-requested' }>,
  parts: readonly BulkPart[],
  requestedAt: string,
): BulkState => ({
  ...request,
  parts,
  requestedAt,
  state: 'requested',
  approvals: [],
  outcomes: new Map(),
  decidedBy: new Set(),
  hashes: [],
});

/**
 * Folds the entries of one bulk's stream, in order. Total over readable entries: a request whose plans are not all there, or not those of its digest, is none,
 * and what its state cannot have is passed over.
 */
export const foldBulk = (entries: readonly Entry[]): BulkStream => {
  const drafts = new Map<number, BulkPart[]>();
  const refused = new Map<string, readonly string[]>();
  const decidedBy = new Set<string>();
  let bulk: BulkState | undefined;
  for (const entry of entries) {
    const { body, at, hash } = entry;
    if (body.kind === 'bulk-plans') {
      drafts.set(body.draft, [...(drafts.get(body.draft) ?? []), ...body.parts]);
    } else if (body.kind === 'refused') {
      refused.set(body.requestId, body.reasons);
    } else if (body.kind === 'bulk-requested') {
      const parts = drafts.get(body.draft) ?? [];
      if (
        bulk !== undefined ||
        parts.length !== body.names ||
        bulkDigest(parts.map(({ plan }) => plan)) !== body.digest
      )
        continue;
      bulk = { ...requestedBulk(body, parts, at), decidedBy, hashes: [hash] };
    } else {
      const next = bulk && step(bulk, entry, body);
      if (next === undefined) continue;
      bulk = next;
      if ('requestId' in body) decidedBy.add(body.requestId);
    }
  }
  return { drafts: Math.max(0, ...drafts.keys()), refused, ...(bulk && { bulk }) };
};
