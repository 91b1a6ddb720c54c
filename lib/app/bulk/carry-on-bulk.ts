import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { bulkIdOf, bulkStream } from '../../core/bulk/bulk-stream.ts';
import { inChunks } from '../../core/bulk/chunks.ts';
import { type BulkState, foldBulk, isWaiting } from '../../core/bulk/fold-bulk.ts';
import { packBatches } from '../../core/bulk/pack-batches.ts';
import type { BulkOutcome } from '../../core/ledger/bulk-entry.ts';
import type { EntryBody } from '../../core/ledger/entry.ts';
import { bulkLimits } from '../../core/limits/limits.ts';
import { countsOf } from '../../messages/bulk/outcome-message.ts';
import { appendAfter, appendAtEnd } from '../ledger/append.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import type { QueueMessage } from '../queue/message.ts';
import { resumeBulk } from '../queue/resume-message.ts';
import { queueAgain } from '../state/queue-once.ts';
import { applyTogether } from './apply-together.ts';
import { releaseObjection } from './bulk-approval.ts';
import { finishBulk } from './finish-bulk.ts';
import { readBulk } from './record-bulk.ts';
import { type Route53Pace, route53Pace } from './route53-pace.ts';
import { sendingPorts } from './send-together.ts';
import { bulkProgress } from './show-progress.ts';
import { takeTurn } from './take-turn.ts';

type Resume = Extract<QueueMessage, { kind: 'resume' | 'announce' }>;

/** A batch is begun only where there is time for its names, its answer and what follows: the next slice takes the rest. */
const batchMs = 35_000;
/** The end of a bulk is left to a slice of its own where there is less time. */
const closingMs = 20_000;
/** So often one message waits for the turn of another bulk. */
const waitingDeliveries = 10;
const longestSyncMs = 60_000;
const syncPollMs = 3_000;

/** Ends a bulk without effect that waits and has expired. */
const expire = async (ports: Ports, bulkId: string, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  const entries = await ports.ledger.read(bulkStream(bulkId), signal);
  const body = { kind: 'expired', changeId: bulkId } as const;
  // Taken: somebody has decided just now, and their message carries it on.
  if ((await appendAfter(ports, bulkStream(bulkId), entries.at(-1), body, signal)) === 'taken') return done;
  const bulk = await readBulk(ports, bulkId, signal);
  return bulk === undefined ? done : finishBulk(ports, bulk, deadline);
};

/** Waits until Route 53 has told all its servers of these batches, as far as the time goes. */
const awaitSync = async (
  { zones, clock }: Ports,
  changeInfoIds: ReadonlySet<string>,
  pace: Route53Pace,
  deadline: Deadline,
): Promise<void> => {
  const untilMs = Math.min(clock.now() + longestSyncMs, deadline.atMs - closingMs);
  const pending = new Set(changeInfoIds);
  while (pending.size > 0) {
    for (const id of pending) {
      await pace.wait(0, deadline.signal);
      const status = await zones.changeStatus(id, deadline.signal);
      if (!status.ok || status.value === 'INSYNC') pending.delete(id);
      if (clock.now() > untilMs) return;
    }
    if (pending.size === 0 || clock.now() + syncPollMs > untilMs) return;
    await clock.sleep(syncPollMs, deadline.signal);
  }
};

const settle = async (
  ports: Ports,
  bulk: BulkState,
  outcomes: readonly BulkOutcome[],
  signal: AbortSignal,
): Promise<BulkState> => {
  const { bulkId } = bulk;
  for (const chunk of inChunks(outcomes, bulkLimits.chunkOctets)) {
    const body: EntryBody = { kind: 'bulk-settled', bulkId, outcomes: chunk };
    await appendAtEnd(ports, bulkStream(bulkId), body, signal);
  }
  return { ...bulk, outcomes: new Map([...bulk.outcomes, ...outcomes.map((each) => [each.changeId, each] as const)]) };
};

/** Applies as much of a released bulk as one invocation has time for, and closes it once nothing is left. */
const applySlice = async (
  ports: Ports,
  released: BulkState,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { clock } = ports;
  const { signal } = deadline;
  const { bulkId } = released;
  const stream = bulkStream(bulkId);
  const pace = route53Pace(clock);
  const sending = sendingPorts(ports, pace);
  const progress = bulkProgress(ports, deadline);
  const changeInfoIds = new Set<string>();
  let bulk = released;
  let unsure = 0;
  const left = bulk.parts.filter(({ changeId }) => !bulk.outcomes.has(changeId));
  const objection = left.length === 0 ? undefined : await releaseObjection(sending.shared, bulk, signal);
  await progress.show(bulk);
  for (const batch of packBatches(left)) {
    if (clock.now() + batchMs > deadline.atMs) return queueAgain(ports, resumeBulk(bulkId), signal);
    const applied = await applyTogether(sending, bulk, batch, objection, deliveries, deadline);
    for (const id of applied.changeInfoIds) changeInfoIds.add(id);
    unsure += batch.length - applied.outcomes.length;
    bulk = await settle(ports, bulk, applied.outcomes, signal);
    await progress.show(bulk);
  }
  if (unsure > 0)
    return {
      kind: 'retry',
      afterSeconds: Math.ceil(backoffMs(deliveries, 5_000, 120_000, ports.random) / 1000),
      why: `the result of ${unsure} changes of a bulk is unknown`,
    };
  if (clock.now() + closingMs > deadline.atMs) return queueAgain(ports, resumeBulk(bulkId), signal);
  await awaitSync(ports, changeInfoIds, pace, deadline);
  await appendAtEnd(ports, stream, { kind: 'bulk-closed', bulkId, ...countsOf(bulk) }, signal);
  const closed = await readBulk(ports, bulkId, signal);
  return closed === undefined ? done : finishBulk(ports, closed, deadline);
};

/**
 * Takes a recorded bulk on from wherever it is: applies a slice of it, closes or announces it, or lets it expire. Called anew after every interruption,
 * and for every slice.
 */
export const carryOnBulk = async (
  ports: Ports,
  { hostname }: Pick<Resume, 'hostname'>,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const bulkId = bulkIdOf(hostname);
  const { bulk } = foldBulk(await ports.ledger.read(hostname, deadline.signal));
  if (bulk === undefined) return done;
  if (isWaiting(bulk)) return ports.clock.now() > Date.parse(bulk.expiresAt) ? expire(ports, bulkId, deadline) : done;
  if (bulk.state !== 'released') return finishBulk(ports, bulk, deadline);
  const turn = await takeTurn(ports, bulkId, deadline);
  // The queue gives a message up after 20 deliveries, and the other bulk may take longer than that: a new message waits on.
  if (turn === undefined)
    return deliveries < waitingDeliveries
      ? { kind: 'retry', afterSeconds: 5, why: 'another bulk is being applied' }
      : queueAgain(ports, resumeBulk(bulkId), deadline.signal);
  try {
    return await applySlice(ports, bulk, deliveries, deadline);
  } finally {
    await turn.end(deadline.signal);
  }
};
