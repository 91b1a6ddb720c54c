import type { ChangeVerb, Plan } from '../dns/plan.ts';
import type { RecordSet } from '../dns/record-set.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { Actor, Entry, EntryBody } from './entry.ts';

/** The state of a change, as its entries tell it. */
export type ChangeState = {
  readonly changeId: string;
  readonly requestId: string;
  readonly verb: ChangeVerb;
  readonly actor: Actor;
  readonly text: string;
  readonly plan: Plan;
  /** Sentences that the requester was warned with. */
  readonly warnings: readonly string[];
  /** Id of the bulk that it is part of. */
  readonly partOf?: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly state:
    | 'requested'
    | 'approved'
    | 'rejected'
    | 'cancelled'
    | 'expired'
    | 'applying'
    | 'applied'
    | 'failed'
    | 'conflict';
  /** Who released the plan, where it wanted a confirmation or an approval. */
  readonly approvedBy?: Actor;
  /** Who rejected or cancelled it. */
  readonly endedBy?: Actor;
  /** Number of the last attempt; 0 before the first. */
  readonly attempts: number;
  /** ISO 8601, UTC: until when the last attempt may still be on its way. */
  readonly lastAttemptDeadline?: string;
  /** Route 53's id of the accepted batch; null where the batch was seen to have landed without its answer. */
  readonly changeInfoId?: string | null;
  /** Of an applied one that was found in Route 53 when it was permitted no longer: why. */
  readonly notPermitted?: string;
  /** Of a failure or conflict. */
  readonly reason?: string;
  /** Of a failure or conflict: a batch whose answer was never seen may still take effect. */
  readonly mayLandLate?: boolean;
  /** Of a conflict: what was in Route 53 instead. */
  readonly found?: readonly RecordSet[];
  /** ISO 8601, UTC. */
  readonly finishedAt?: string;
  /** It was declared failed or a conflict, and then its batch landed after all. */
  readonly landedLate?: true;
  /** Hashes of this change's entries, in order. */
  readonly hashes: readonly string[];
  readonly lastHash: string;
};

/** What happened to a request: the change that it asked for, the entry that refused it, or the entry by which it decided on a change. */
type RequestState =
  | { readonly changeId: string }
  | { readonly refused: Entry }
  | { readonly changeId: string; readonly decided: Entry };

/** What the entries of one hostname's stream come to. */
export type StreamState = {
  readonly head?: Entry;
  /** Sequence number of the next entry. */
  readonly nextSequence: number;
  /** In the order in which they were requested. */
  readonly changes: ReadonlyMap<string, ChangeState>;
  readonly byRequestId: ReadonlyMap<string, RequestState>;
  /** What is registered since the last applied change. */
  readonly definition?: Definition;
  /** The change that made the current definition. */
  readonly registeredBy?: ChangeState;
  /** The applied changes, in the order in which they were applied. */
  readonly applied: readonly ChangeState[];
  /** The last of them, also where it left nothing registered. */
  readonly lastApplied?: ChangeState;
  /** The oldest change that is under way: released, or free to go at once, and not finished. */
  readonly active?: ChangeState;
  /** Changes that wait for a person, oldest first; they keep nobody else from changing the name. A bulk's do not: the bulk does. */
  readonly pending: readonly ChangeState[];
  /** The highest generation that any plan of this name has had; 0 before the first. */
  readonly generation: number;
};

type Requested = Extract<EntryBody, { readonly kind: 'requested' }>;

/** Whether a plan is applied without anybody's word. */
const goesAtOnce = ({ plan }: ChangeState): boolean =>
  plan.release.kind === 'at-once' || plan.release.kind === 'break-glass';

const isActive = (change: ChangeState): boolean =>
  change.state === 'approved' || change.state === 'applying' || (change.state === 'requested' && goesAtOnce(change));

/** Whether a change waits for a person. */
export const isPending = (change: ChangeState): boolean => change.state === 'requested' && !goesAtOnce(change);

/** Whether nobody may release or apply a change any more. Of a bulk's change the bulk decides, and an approved bulk does not expire. */
export const hasExpired = ({ plan, partOf }: Pick<ChangeState, 'plan' | 'partOf'>, nowMs: number): boolean =>
  partOf === undefined && nowMs > Date.parse(plan.expiresAt);

/** Whether nothing more can happen to a change except a batch that lands late. */
export const isFinished = (change: ChangeState): boolean => !isActive(change) && !isPending(change);

/** The ledger itself does not believe a release by the wrong person, or of another plan. */
const isValidRelease = (
  { plan, actor }: ChangeState,
  { by, planDigest }: Extract<EntryBody, { readonly kind: 'approved' }>,
): boolean => {
  if (planDigest !== plan.digest) return false;
  switch (plan.release.kind) {
    case 'approval':
      return by.userId !== actor.userId;
    case 'confirmation':
      return by.userId === actor.userId;
    case 'at-once':
    case 'break-glass':
      return false;
  }
};

/**
 * The next state of a change, or undefined where this state cannot have the entry: it is then ignored.
 *
 * | state \ entry         | approved | rejected, cancelled, expired | applying   | applied | failed  | conflict |
 * | --------------------- | -------- | ---------------------------- | ---------- | ------- | ------- | -------- |
 * | requested, at once    | ignored  | expired only                 | applying   | ignored | failed  | conflict |
 * | requested, waiting    | approved | rejected, cancelled, expired | ignored    | ignored | failed  | conflict |
 * | approved              | ignored  | expired only                 | applying   | ignored | failed  | conflict |
 * | applying              | ignored  | ignored                      | applying * | applied | failed  | conflict |
 * | failed or conflict, may land | ignored | ignored                | ignored    | applied | ignored | ignored  |
 * | any other             | ignored  | ignored                      | ignored    | ignored | ignored | ignored  |
 *
 * `*` only with an attempt number above the last one's. `applied` out of `requested` is ignored because `applying` is written before the call;
 * out of `failed` and `conflict` it counts where they left open that the batch would land late, and it did.
 */
const step = (change: ChangeState, entry: Entry): ChangeState | undefined => {
  const { body } = entry;
  const common = { ...change, hashes: [...change.hashes, entry.hash], lastHash: entry.hash };
  const ended = { ...common, finishedAt: entry.at };
  switch (body.kind) {
    case 'approved':
      return isPending(change) && isValidRelease(change, body)
        ? { ...common, state: 'approved', approvedBy: body.by }
        : undefined;
    case 'rejected':
      return isPending(change) ? { ...ended, state: 'rejected', endedBy: body.by, reason: body.reason } : undefined;
    case 'cancelled':
      return isPending(change) ? { ...ended, state: 'cancelled', endedBy: body.by } : undefined;
    case 'expired':
      return change.state === 'requested' || change.state === 'approved' ? { ...ended, state: 'expired' } : undefined;
    case 'applying':
      if (!isActive(change) || body.attempt <= change.attempts) return undefined;
      return { ...common, state: 'applying', attempts: body.attempt, lastAttemptDeadline: body.deadline };
    case 'applied': {
      if (change.state !== 'applying' && change.mayLandLate !== true) return undefined;
      const { reason: _reason, mayLandLate: _mayLandLate, found: _found, ...landed } = ended;
      return {
        ...landed,
        state: 'applied',
        changeInfoId: body.changeInfoId,
        ...(body.notPermitted === undefined ? {} : { notPermitted: body.notPermitted }),
        ...(change.state === 'applying' ? {} : { landedLate: true }),
      };
    }
    case 'failed':
      if (!isActive(change) && !isPending(change)) return undefined;
      return { ...ended, state: 'failed', reason: body.reason, mayLandLate: body.mayLandLate };
    case 'conflict':
      if (!isActive(change) && !isPending(change)) return undefined;
      return {
        ...ended,
        state: 'conflict',
        reason: body.reason,
        found: body.found,
        mayLandLate: body.mayLandLate ?? change.attempts > 1,
      };
    case 'refused':
    case 'requested':
    case 'tried':
    case 'muted':
    case 'unmuted':
    case 'acknowledged':
    case 'announced':
    case 'bulk-plans':
    case 'bulk-requested':
    case 'bulk-settled':
    case 'bulk-closed':
      return undefined;
  }
};

const requested = (entry: Entry, { kind: _kind, ...request }: Requested): ChangeState => ({
  ...request,
  requestedAt: entry.at,
  state: 'requested',
  attempts: 0,
  hashes: [entry.hash],
  lastHash: entry.hash,
});

/**
 * Folds the entries of one hostname's stream, in order. Deterministic, and total over readable entries: a second request for the same change, a step
 * of a change never requested, a step that its state cannot have and an announcement are passed over; of two entries for one request the first counts.
 */
export const fold = (entries: readonly Entry[]): StreamState => {
  const changes = new Map<string, ChangeState>();
  const byRequestId = new Map<string, RequestState>();
  const appliedIds: string[] = [];
  const remember = (requestId: string, state: RequestState): void => {
    if (!byRequestId.has(requestId)) byRequestId.set(requestId, state);
  };
  for (const entry of entries) {
    const { body } = entry;
    switch (body.kind) {
      case 'refused':
        remember(body.requestId, { refused: entry });
        break;
      case 'requested':
        if (changes.has(body.changeId)) break;
        changes.set(body.changeId, requested(entry, body));
        remember(body.requestId, { changeId: body.changeId });
        break;
      case 'approved':
      case 'rejected':
      case 'cancelled':
      case 'expired':
      case 'applying':
      case 'applied':
      case 'failed':
      case 'conflict': {
        const change = changes.get(body.changeId);
        const next = change && step(change, entry);
        if (next === undefined) break;
        changes.set(next.changeId, next);
        if ('requestId' in body) remember(body.requestId, { decided: entry, changeId: next.changeId });
        if (next.state === 'applied') appliedIds.push(next.changeId);
        break;
      }
      case 'tried':
      case 'muted':
      case 'unmuted':
      case 'acknowledged':
      case 'announced':
      case 'bulk-plans':
      case 'bulk-requested':
      case 'bulk-settled':
      case 'bulk-closed':
        break;
    }
  }
  const head = entries.at(-1);
  const applied = appliedIds.map((changeId) => changes.get(changeId)).filter((change) => change !== undefined);
  const lastApplied = applied.at(-1);
  const definition = lastApplied?.plan.definitionAfter;
  const active = [...changes.values()].find(isActive);
  return {
    nextSequence: (head?.sequence ?? 0) + 1,
    changes,
    byRequestId,
    pending: [...changes.values()].filter((change) => isPending(change) && change.partOf === undefined),
    generation: Math.max(0, ...[...changes.values()].map(({ plan }) => plan.generation)),
    ...(head && { head }),
    applied,
    ...(lastApplied && { lastApplied }),
    ...(lastApplied && definition && { definition, registeredBy: lastApplied }),
    ...(active && { active }),
  };
};

const holdMs = 15 * 60_000;

/**
 * The batch of a name that may still take effect although its answer was never seen: AWS refuses a request signed more than 5 minutes ago, so a quarter of an
 * hour after the last attempt nothing of it can come any more. Until then the name is not removed, nor undone to absence.
 */
export const mayStillLand = (
  { changes }: StreamState,
  nowMs: number,
): { readonly change: ChangeState; readonly untilMs: number } | undefined => {
  for (const change of changes.values()) {
    // Of an applied one, an earlier sending that was never answered.
    const isOpen =
      change.state === 'applying' || change.mayLandLate === true || (change.state === 'applied' && change.attempts > 1);
    const untilMs = change.lastAttemptDeadline === undefined ? 0 : Date.parse(change.lastAttemptDeadline) + holdMs;
    if (isOpen && nowMs < untilMs) return { change, untilMs };
  }
  return undefined;
};
