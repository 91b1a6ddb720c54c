import type { ChangeVerb, Plan } from '../dns/plan.ts';
import type { RecordSet } from '../dns/record-set.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { Actor, Entry, EntryBody } from './entry.ts';

/** Where a change stands, as its entries tell it. */
export type ChangeState = {
  readonly changeId: string;
  readonly requestId: string;
  readonly verb: ChangeVerb;
  readonly actor: Actor;
  readonly text: string;
  readonly plan: Plan;
  /** Sentences that the requester was warned with. */
  readonly warnings: readonly string[];
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly state: 'requested' | 'applying' | 'applied' | 'failed' | 'conflict';
  /** Number of the last attempt; 0 before the first. */
  readonly attempts: number;
  /** ISO 8601, UTC: until when the last attempt may still be on its way. */
  readonly lastAttemptDeadline?: string;
  /** Route 53's id of the accepted batch; null where the batch was seen to have landed without its answer. */
  readonly changeInfoId?: string | null;
  /** Of a failure or conflict. */
  readonly reason?: string;
  /** Of a failure: a batch whose answer was never seen may still land. */
  readonly mayLandLate?: boolean;
  /** Of a conflict: what stood in Route 53 instead. */
  readonly found?: readonly RecordSet[];
  /** ISO 8601, UTC. */
  readonly finishedAt?: string;
  /** Hashes of this change's entries, in order. */
  readonly hashes: readonly string[];
  readonly lastHash: string;
};

/** What became of a request: the change that it asked for, or the entry that refused it. */
type RequestState = { readonly changeId: string } | { readonly refused: Entry };

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
  /** The oldest change that is not finished. */
  readonly active?: ChangeState;
};

type Requested = Extract<EntryBody, { readonly kind: 'requested' }>;

const isActive = (change: ChangeState): boolean => change.state === 'requested' || change.state === 'applying';

/**
 * The next state of a change, or undefined where the entry is none that this state can have: it is then ignored.
 *
 * | state \ entry     | applying        | applied | failed | conflict |
 * | ----------------- | --------------- | ------- | ------ | -------- |
 * | requested         | applying        | ignored | failed | conflict |
 * | applying          | applying *      | applied | failed | conflict |
 * | failed, may land  | ignored         | applied | ignored| ignored  |
 * | failed            | ignored         | ignored | ignored| ignored  |
 * | applied, conflict | ignored         | ignored | ignored| ignored  |
 *
 * `*` only with an attempt number above the last one's. `applied` out of `requested` is ignored because `applying` is written before the call;
 * out of `failed` it counts where the failure left open that the batch would land late, and it did.
 */
const step = (change: ChangeState, entry: Entry): ChangeState | undefined => {
  const { body } = entry;
  const common = { ...change, hashes: [...change.hashes, entry.hash], lastHash: entry.hash };
  switch (body.kind) {
    case 'applying':
      if (!isActive(change) || body.attempt <= change.attempts) return undefined;
      return { ...common, state: 'applying', attempts: body.attempt, lastAttemptDeadline: body.deadline };
    case 'applied': {
      if (change.state !== 'applying' && !(change.state === 'failed' && change.mayLandLate)) return undefined;
      const { reason: _reason, mayLandLate: _mayLandLate, ...landed } = common;
      return { ...landed, state: 'applied', changeInfoId: body.changeInfoId, finishedAt: entry.at };
    }
    case 'failed':
      if (!isActive(change)) return undefined;
      return { ...common, state: 'failed', reason: body.reason, mayLandLate: body.mayLandLate, finishedAt: entry.at };
    case 'conflict':
      if (!isActive(change)) return undefined;
      return { ...common, state: 'conflict', reason: body.reason, found: body.found, finishedAt: entry.at };
    case 'refused':
    case 'requested':
    case 'announced':
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
  let lastApplied: string | undefined;
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
      case 'applying':
      case 'applied':
      case 'failed':
      case 'conflict': {
        const change = changes.get(body.changeId);
        const next = change && step(change, entry);
        if (next === undefined) break;
        changes.set(next.changeId, next);
        if (next.state === 'applied') lastApplied = next.changeId;
        break;
      }
      case 'announced':
        break;
    }
  }
  const head = entries.at(-1);
  const applied = lastApplied === undefined ? undefined : changes.get(lastApplied);
  const definition = applied?.plan.definitionAfter;
  const active = [...changes.values()].find(isActive);
  return {
    nextSequence: (head?.sequence ?? 0) + 1,
    changes,
    byRequestId,
    ...(head && { head }),
    ...(applied && definition && { definition, registeredBy: applied }),
    ...(active && { active }),
  };
};
