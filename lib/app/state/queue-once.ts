import { randomInt } from 'node:crypto';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import type { QueueMessage } from '../queue/message.ts';

type HandedOver = Extract<QueueMessage, { kind: 'resume' | 'announce' | 'entered' }>;

const queued = 'queued-once';
/** What begins to be sent and is not seen to be sent within this time is sent again. */
const sendingSeconds = 300;
/** As long as SQS keeps a message unless it is configured otherwise. */
const retentionSeconds = 4 * 86_400;

/** ISO 8601, UTC. The digits below a millisecond are random: two messages of one millisecond would be one to the queue. */
const uniqueTime = (nowMs: number): string =>
  new Date(nowMs).toISOString().replace('Z', `${String(randomInt(1_000_000)).padStart(6, '0')}Z`);

const keyOf = ({ kind, changeId }: HandedOver): string => `${kind} ${changeId}`;

/**
 * Sends a message about a change, unless the same one is in the queue already: where a message group is blocked, it would only pile up there.
 * Resolves to whether it was sent. The queue must not drop it as a repeat of one that was worked, so `queuedAt` makes each its own.
 */
export const queueOnce = async (
  { state, queue, clock }: Pick<Ports, 'state' | 'queue' | 'clock'>,
  message: HandedOver,
  signal: AbortSignal,
): Promise<boolean> => {
  const nowMs = clock.now();
  const mark = (seconds: number) => ({
    collection: queued,
    key: keyOf(message),
    value: { hostname: message.hostname },
    expiresAt: Math.floor(nowMs / 1000) + seconds,
  });
  if ((await state.put(mark(sendingSeconds), true, signal)) === 'exists') return false;
  await queue.send({ ...message, queuedAt: uniqueTime(nowMs) }, signal);
  await state.put(mark(retentionSeconds), false, signal);
  return true;
};

/**
 * Leaves the rest of a piece of work to another message, sent now: what a worker has no time for is no failure, and does not count as a delivery. The message
 * at hand is worked then.
 */
export const queueAgain = async (
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  message: HandedOver,
  signal: AbortSignal,
): Promise<Outcome> => {
  await queue.send({ ...message, queuedAt: uniqueTime(clock.now()) }, signal);
  return done;
};

/** The message was worked: from now on it may be sent again. */
export const forgetQueued = (
  { state }: Pick<Ports, 'state'>,
  message: HandedOver,
  signal: AbortSignal,
): Promise<void> => state.remove(queued, keyOf(message), signal);
