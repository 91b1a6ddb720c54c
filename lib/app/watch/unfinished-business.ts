import { concurrently } from '../../core/base/concurrently.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { foldBulk, isWaiting } from '../../core/bulk/fold-bulk.ts';
import { auditStream, type Entry, refusedStream } from '../../core/ledger/entry.ts';
import { type ChangeState, fold, hasExpired, isFinished, isPending } from '../../core/ledger/fold.ts';
import { jsonOctets } from '../../core/limits/octets.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Ports } from '../ports/ports.ts';
import type { WorkMessage } from '../queue/message.ts';
import { parseMessage } from '../queue/parse-message.ts';
import { resumeBulk, resumeOf } from '../queue/resume-message.ts';
import { announcementKey, announcementStatus } from '../state/announcements.ts';
import { queueOnce } from '../state/queue-once.ts';

type CarriedOn = Extract<WorkMessage, { kind: 'resume' | 'announce' }>;

const dayMs = 86_400_000;
/** A worker runs for 90 s at most: what has not changed for longer than this was interrupted. */
const abandonedAfterMs = 3 * 60_000;
/** A batch whose answer was never seen is looked for longer than it can take to land: watch itself may have been out. */
const mayLandForMs = 60 * 60_000;
/** So many streams are read at a time. */
const readsAtOnce = 10;
/** Of the entries of the last days so much is kept; the streams of the others are read one by one. */
const keptOctets = 16_000_000;
/** How far back unfinished business is looked for. */
const daysBack = 3;

export type UnfinishedPorts = Pick<Ports, 'ledger' | 'state' | 'queue' | 'clock' | 'log'> & {
  readonly deadLetters: DeadLetters;
};

/** What the last days hold: the hashes that were announced, and of each name its entries, or undefined where there was no room to keep them all. */
type Lately = {
  readonly announced: ReadonlySet<string>;
  readonly streams: ReadonlyMap<string, readonly Entry[] | undefined>;
};

const lately = async ({ ledger, clock }: UnfinishedPorts, signal: AbortSignal): Promise<Lately> => {
  const now = clock.now();
  const announced = new Set<string>();
  const parts = new Set<string>();
  const streams = new Map<string, Entry[] | undefined>();
  let room = keptOctets;
  for (let back = daysBack; back >= 0; back -= 1) {
    for await (const entry of entriesOfDay(ledger, new Date(now - back * dayMs).toISOString().slice(0, 10), signal)) {
      const { stream, body } = entry;
      if (body.kind === 'announced')
        for (const hash of body.changes.flatMap(({ hashes }) => hashes)) announced.add(hash);
      if (stream === auditStream || stream === refusedStream) continue;
      // Of its changes the bulk's own stream tells what is left to do: ten thousand names cost no request each.
      if (body.kind === 'requested' && body.partOf !== undefined) parts.add(body.changeId);
      if ('changeId' in body && parts.has(body.changeId) && !isBulkStream(stream)) continue;
      room -= jsonOctets(entry);
      const kept = streams.get(stream);
      if (room < 0) streams.set(stream, undefined);
      else if (kept === undefined) streams.set(stream, [entry]);
      else kept.push(entry);
    }
  }
  return { announced, streams };
};

/**
 * All entries of a stream. Where those of the last days begin with its first and leave none out, they are all there are, and nothing is read: a thousand names
 * added at once cost no request each. The index by day may be some moments late; what it lacks is older business then, and the worker looks for itself.
 */
const whole = async (
  { ledger }: UnfinishedPorts,
  stream: string,
  recent: readonly Entry[] | undefined,
  signal: AbortSignal,
): Promise<readonly Entry[]> => {
  if (recent === undefined) return ledger.read(stream, signal);
  const inOrder = recent.toSorted((one, other) => one.sequence - other.sequence);
  return inOrder.every(({ sequence }, index) => sequence === index + 1) ? inOrder : ledger.read(stream, signal);
};

/** What has to be resumed of one change that has not changed for that long. */
const unfinished = async (
  { state, clock }: UnfinishedPorts,
  change: ChangeState,
  stoodStillMs: number,
  announced: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly CarriedOn[]> => {
  const { changeId, plan, lastHash } = change;
  const resume = { kind: 'resume', hostname: plan.hostname, changeId } as const;
  if (isPending(change) && change.partOf === undefined) return hasExpired(change, clock.now()) ? [resume] : [];
  if (!isFinished(change)) return stoodStillMs > abandonedAfterMs ? [resumeOf(change)] : [];
  const mayLand = change.mayLandLate === true && stoodStillMs < mayLandForMs;
  // The bulk speaks for its changes; what landed late afterwards is reported separately.
  if (change.partOf !== undefined && change.landedLate !== true) return mayLand ? [resume] : [];
  const isOver = announced.has(lastHash) || stoodStillMs <= abandonedAfterMs || stoodStillMs >= daysBack * dayMs;
  const status = isOver ? undefined : await announcementStatus(state, announcementKey(change), signal);
  // Where its announcement is on its way, that is what goes on; else its settling was lost as a whole.
  const isLost = !isOver && status === undefined;
  const isWaiting = status !== undefined && status.status !== 'announced';
  return [...(mayLand || isLost ? [resume] : []), ...(isWaiting ? [{ ...resume, kind: 'announce' } as const] : [])];
};

/** What is to be carried on of a bulk, and of its changes. */
const unfinishedBulk = async (
  { state }: UnfinishedPorts,
  entries: readonly Entry[],
  nowMs: number,
  announced: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly CarriedOn[]> => {
  const { bulk } = foldBulk(entries);
  // A request that was interrupted is for its own message to repeat.
  if (bulk === undefined) return [];
  const resume = resumeBulk(bulk.bulkId);
  if (isWaiting(bulk)) return nowMs > Date.parse(bulk.expiresAt) ? [resume] : [];
  const stoodStillMs = nowMs - Date.parse(entries.at(-1)?.at ?? bulk.requestedAt);
  const mayLand =
    stoodStillMs >= mayLandForMs
      ? []
      : [...bulk.outcomes.values()].flatMap(({ mayLandLate, hostname, changeId }): readonly CarriedOn[] =>
          mayLandLate === true ? [{ kind: 'resume', hostname, changeId }] : [],
        );
  if (stoodStillMs <= abandonedAfterMs) return mayLand;
  if (bulk.state === 'released') return [resume];
  if (stoodStillMs >= daysBack * dayMs || bulk.hashes.some((hash) => announced.has(hash))) return mayLand;
  const status = await announcementStatus(state, bulk.bulkId, signal);
  if (status?.status === 'announced') return mayLand;
  return [...mayLand, status === undefined ? resume : { ...resume, kind: 'announce' }];
};

/** What a look at the ledger finds to be carried on, by the worker that alone may write. */
export const unfinishedBusiness = async (
  ports: UnfinishedPorts,
  signal: AbortSignal,
): Promise<readonly CarriedOn[]> => {
  const now = ports.clock.now();
  const { announced, streams } = await lately(ports, signal);
  const found = new Map<string, readonly CarriedOn[]>();
  await concurrently(streams, readsAtOnce, async ([stream, own]) => {
    const entries = await whole(ports, stream, own, signal);
    if (isBulkStream(stream)) {
      found.set(stream, await unfinishedBulk(ports, entries, now, announced, signal));
      return;
    }
    const lastAt = new Map(entries.map(({ hash, at }) => [hash, Date.parse(at)]));
    const messages: CarriedOn[] = [];
    for (const change of fold(entries).changes.values())
      messages.push(
        ...(await unfinished(ports, change, now - (lastAt.get(change.lastHash) ?? now), announced, signal)),
      );
    found.set(stream, messages);
  });
  return [...streams.keys()].flatMap((stream) => found.get(stream) ?? []);
};

/** Hands what the queue has given up back to the worker, once, to be ended. What cannot be read stays where it is, for a person. */
const drainDeadLetters = async ({ deadLetters, queue, log }: UnfinishedPorts, signal: AbortSignal): Promise<number> => {
  let drained = 0;
  for (const { body, receiptHandle } of await deadLetters.receive(signal)) {
    const parsed = parseMessage(body);
    if (!parsed.ok) {
      log.error('a dead letter cannot be read', { reason: parsed.reason });
      continue;
    }
    const { message } = parsed;
    if (message.kind !== 'given-up') await queue.send({ kind: 'given-up', message }, signal);
    await deadLetters.remove(receiptHandle, signal);
    drained += 1;
  }
  return drained;
};

/** Looks for what was interrupted or has expired, and hands it to the worker. Changes nothing itself; running twice or late does no harm. */
export const handOverUnfinished = async (ports: UnfinishedPorts, signal: AbortSignal): Promise<number> => {
  // First, for it needs nothing of a ledger that may be out of order.
  const drained = await drainDeadLetters(ports, signal);
  const found = await unfinishedBusiness(ports, signal);
  let sent = 0;
  for (const message of found) if (await queueOnce(ports, message, signal)) sent += 1;
  if (sent + drained > 0)
    ports.log.info('unfinished business was handed to the worker', { found: found.length, sent, drained });
  return sent + drained;
};
