import { asSentence } from '../../core/base/as-sentence.ts';
import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { markerName } from '../../core/dns/marker.ts';
import { changeBatch, type Plan } from '../../core/dns/plan.ts';
import { type RecordSet, sameRecordSets } from '../../core/dns/record-set.ts';
import { readNameRecords } from '../../core/dns/registered.ts';
import type { ZoneFailure } from '../../core/dns/zone-reading.ts';
import type { EntryBody } from '../../core/ledger/entry.ts';
import { type ChangeState, fold, hasExpired, isFinished, isPending, type StreamState } from '../../core/ledger/fold.ts';
import { appendAfter } from '../ledger/append.ts';
import type { Ports } from '../ports/ports.ts';
import type { SubmitResult } from '../ports/zone-store.ts';
import { pendingLateBatch } from './pending-late-batch.ts';
import { stillPermitted } from './still-permitted.ts';

const writeDeadlineMs = 10_000;
const maximumAttempts = 3;
const busyBudgetMs = 20_000;
/** Deliveries after which a change whose outcome cannot be looked up is given up as failed. */
const maximumDeliveries = 5;

type Look =
  | { readonly kind: 'landed' | 'before' | 'other'; readonly found: readonly RecordSet[] }
  | { readonly kind: 'blind'; readonly failure: ZoneFailure };

const leavesMarker = ({ hostname, after }: Plan): boolean => after.some(({ name }) => name === markerName(hostname));

/** What is at the name now, compared with the plan: my change, what was there before, or something else. */
const look = async (
  ports: Ports,
  { plan, changeId }: ChangeState,
  { lastApplied }: StreamState,
  signal: AbortSignal,
): Promise<Look> => {
  const marker = markerName(plan.hostname);
  const read = await ports.zones.readNames(plan.zoneId, [plan.hostname, marker], signal);
  if (!read.ok) return { kind: 'blind', failure: read.failure };
  if (readNameRecords(plan.hostname, read.value).marker?.changeId === changeId)
    return { kind: 'landed', found: read.value };
  // A plan that leaves no marker of its own is seen to have landed by what it leaves, unless another change has taken away what it was made for.
  const isStale = readNameRecords(plan.hostname, plan.before).marker?.changeId !== lastApplied?.changeId;
  if (!leavesMarker(plan) && !isStale && sameRecordSets(read.value, plan.after))
    return { kind: 'landed', found: read.value };
  return { kind: sameRecordSets(read.value, plan.before) ? 'before' : 'other', found: read.value };
};

/** What happened to the sending; no batch at all counts as accepted. */
type Sent =
  | Exclude<SubmitResult, { kind: 'accepted' }>
  | { readonly kind: 'accepted'; readonly changeInfoId: string | null };

/** Sends the batch; what Route 53 certainly did not take (throttled, another change in progress) is sent again within its budget. */
const submit = async (ports: Ports, { plan, changeId }: ChangeState, deadline: Deadline): Promise<Sent> => {
  const until = Math.min(ports.clock.now() + busyBudgetMs, deadline.atMs - writeDeadlineMs);
  for (let round = 1; ; round += 1) {
    const changes = changeBatch(plan);
    // What is gone already needs no batch, and Route 53 takes no empty one.
    if (changes.length === 0) return { kind: 'accepted', changeInfoId: null };
    const result = await ports.zones.submit(plan.zoneId, changes, `postal-endpoint ${changeId}`, deadline.signal);
    if (result.kind !== 'failed' || result.failure.kind !== 'busy') return result;
    const pause = backoffMs(round, 400, 5_000, ports.random);
    if (ports.clock.now() + pause > until) return result;
    await ports.clock.sleep(pause, deadline.signal);
  }
};

const whyNot = (result: Sent): string => {
  if (result.kind === 'accepted') return '';
  return result.kind === 'invalid' ? result.messages.join(' ') : result.failure.message;
};

const lateText = ' An earlier attempt may still take effect within 15 minutes.';

/** Nobody can say just now; after many deliveries the change ends with `atLast`. */
type Blind = { readonly kind: 'blind'; readonly why: string; readonly atLast: EntryBody };

/**
 * Decides the entry that follows an attempt, from Route 53's answer and from what is there:
 *
 * | answer      | my marker | as before            | anything else |
 * | ----------- | --------- | -------------------- | ------------- |
 * | accepted    | applied (not looked at)                           |
 * | invalid, denied, no such zone, busy | applied | failed | conflict |
 * | unreachable, or never seen | applied | next attempt, at last failed | conflict |
 */
const judge = (change: ChangeState, result: Sent | undefined, seen: Look, nextDeadline: string): EntryBody | Blind => {
  const { changeId, attempts } = change;
  const unseen = result === undefined || (result.kind === 'failed' && result.failure.kind === 'unreachable');
  const mayLandLate = unseen || attempts > 1;
  switch (seen.kind) {
    case 'blind':
      return {
        kind: 'blind',
        why: `Route 53 has not confirmed the change: ${asSentence(seen.failure.message)}`,
        atLast: {
          kind: 'failed',
          changeId,
          reason: `It is unknown whether Route 53 made the change: ${asSentence(seen.failure.message)} It may have taken effect, or may still within 15 minutes.`,
          mayLandLate: true,
        },
      };
    case 'landed':
      return { kind: 'applied', changeId, changeInfoId: null };
    case 'other':
      return {
        kind: 'conflict',
        changeId,
        reason: `${change.plan.hostname} now has different records. They were not changed.${mayLandLate ? lateText : ''}`,
        found: seen.found,
        mayLandLate,
      };
    case 'before': {
      if (unseen && attempts < maximumAttempts)
        return { kind: 'applying', changeId, attempt: attempts + 1, deadline: nextDeadline };
      const late = mayLandLate ? lateText : ' Nothing was changed.';
      const said =
        result === undefined ? 'Route 53 gave no answer.' : `Error from Route 53: ${asSentence(whyNot(result))}`;
      return { kind: 'failed', changeId, reason: `${said}${late}`, mayLandLate };
    }
  }
};

/** The entry by which a batch is sent or is recorded as landed, as far as the change is still permitted. */
const ifPermitted = async (
  ports: Ports,
  change: ChangeState,
  entry: Extract<EntryBody, { kind: 'applying' | 'applied' }>,
  signal: AbortSignal,
): Promise<EntryBody | Blind> => {
  const { changeId, attempts } = change;
  const mayLandLate = attempts > 0;
  const unsent = (why: string): EntryBody => {
    return {
      kind: 'failed',
      changeId,
      reason: `${why}${mayLandLate ? lateText : ' Nothing was changed.'}`,
      mayLandLate,
    };
  };
  const permission = await stillPermitted(ports, change, signal);
  switch (permission.kind) {
    case 'permitted':
      return entry;
    case 'forbidden':
      return entry.kind === 'applied' ? { ...entry, notPermitted: permission.why } : unsent(permission.why);
    case 'unknown':
      return { kind: 'blind', why: permission.why, atLast: entry.kind === 'applied' ? entry : unsent(permission.why) };
  }
};

/** The next entry of an unfinished change. `fresh`: this very invocation wrote the `applying` entry, so nothing was sent under it yet. */
const nextEntry = async (
  ports: Ports,
  change: ChangeState,
  stream: StreamState,
  fresh: boolean,
  deadline: Deadline,
): Promise<EntryBody | Blind> => {
  const { changeId, plan } = change;
  const { signal } = deadline;
  const now = ports.clock.now();
  const attemptDeadline = new Date(now + writeDeadlineMs).toISOString();
  if (change.state === 'requested' || change.state === 'approved') {
    if (hasExpired(change, now)) return { kind: 'expired', changeId };
    // The plan may have waited while another change went unanswered: should that one land now, nobody could tell which of them took the name away.
    const held = leavesMarker(plan) ? undefined : pendingLateBatch(stream, plan.hostname, now);
    if (held !== undefined)
      return {
        kind: 'failed',
        changeId,
        reason: `${held.wrong} ${held.right} Nothing was changed.`,
        mayLandLate: false,
      };
    return ifPermitted(ports, change, { kind: 'applying', changeId, attempt: 1, deadline: attemptDeadline }, signal);
  }
  const result = fresh ? await submit(ports, change, deadline) : undefined;
  if (result?.kind === 'accepted') return { kind: 'applied', changeId, changeInfoId: result.changeInfoId };
  const next = judge(change, result, await look(ports, change, stream, signal), attemptDeadline);
  // What is in DNS already is recorded, permitted or not; what would be sent, or sent again, has to be permitted.
  return next.kind === 'applied' || next.kind === 'applying' ? ifPermitted(ports, change, next, signal) : next;
};

export type ApplyResult =
  | { readonly kind: 'finished'; readonly change: ChangeState }
  /** A person has to release it first; or it ended without effect, and its batch has not landed late so far. */
  | { readonly kind: 'waiting'; readonly change: ChangeState }
  /** Another worker moved the change on: it will say what happened to it. */
  | { readonly kind: 'elsewhere' }
  /** Route 53 cannot be looked at just now; the change stays `applying`. */
  | { readonly kind: 'blind'; readonly change: ChangeState; readonly why: string };

/** Drives a recorded change to its end, one ledger entry at a time; safe to call again at any point. */
export const applyChange = async (
  ports: Ports,
  hostname: string,
  changeId: string,
  deliveries: number,
  deadline: Deadline,
): Promise<ApplyResult> => {
  let fresh = false;
  let before: string | undefined;
  // A change whose batch may land late is looked at again only when it had ended before: not right after it ended here.
  let begun = false;
  for (;;) {
    const entries = await ports.ledger.read(hostname, deadline.signal);
    const stream = fold(entries);
    const change = stream.changes.get(changeId);
    if (change === undefined) return { kind: 'elsewhere' };
    if (isPending(change) && !hasExpired(change, ports.clock.now())) return { kind: 'waiting', change };
    if (!begun && change.mayLandLate === true) {
      const seen = await look(ports, change, stream, deadline.signal);
      if (seen.kind !== 'landed') return { kind: 'waiting', change };
      const landed = await ifPermitted(
        ports,
        change,
        { kind: 'applied', changeId, changeInfoId: null },
        deadline.signal,
      );
      if (landed.kind === 'blind' && deliveries < maximumDeliveries) return { kind: 'waiting', change };
      await appendAfter(
        ports,
        hostname,
        entries.at(-1),
        landed.kind === 'blind' ? landed.atLast : landed,
        deadline.signal,
      );
      begun = true;
      continue;
    }
    begun = true;
    if (isFinished(change)) return { kind: 'finished', change };
    // An entry that the fold passes over would be written again for ever.
    if (change.lastHash === before)
      throw new Error(`change ${changeId} is still ${change.state} after an entry that should have moved it on`);
    before = change.lastHash;
    const decided = await nextEntry(ports, change, stream, fresh, deadline);
    if (decided.kind === 'blind' && deliveries < maximumDeliveries) return { kind: 'blind', change, why: decided.why };
    const body = decided.kind === 'blind' ? decided.atLast : decided;
    let head = entries.at(-1);
    for (;;) {
      const appended = await appendAfter(ports, hostname, head, body, deadline.signal);
      if (appended !== 'taken') break;
      const grown = await ports.ledger.read(hostname, deadline.signal);
      const moved = fold(grown).changes.get(changeId);
      if (moved?.lastHash !== change.lastHash) return { kind: 'elsewhere' };
      head = grown.at(-1);
    }
    fresh = body.kind === 'applying';
  }
};
