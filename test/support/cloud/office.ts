import * as z from 'zod';
import { entriesOfDay } from '../../../lib/app/ledger/entries-of-day.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { handOverUnfinished } from '../../../lib/app/watch/unfinished-business.ts';
import { runMessage } from '../../../lib/app/worker/run.ts';
import { isBulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk, isWaiting as isBulkWaiting } from '../../../lib/core/bulk/fold-bulk.ts';
import { understand } from '../../../lib/core/grammar/grammar.ts';
import { fold, isFinished } from '../../../lib/core/ledger/fold.ts';
import { readButton } from '../../../lib/messages/block-kit/button.ts';
import { type Cloud, commandChannel, type Delivery, type Person, type Said, teamId, userIdOf } from './cloud.ts';
import { beginInvocation, crashingPorts, type Tally } from './crashing-ports.ts';

const invocationMs = 88_000;
const { signal } = new AbortController();

/** A command line as the front hands it on. */
export const commandMessage = (
  cloud: Pick<Cloud, 'clock' | 'responseUrl'>,
  person: Person,
  line: string,
  {
    requestId,
    channelId = commandChannel,
    replaceOriginal = false,
  }: { requestId: string; channelId?: string; replaceOriginal?: boolean },
): Extract<QueueMessage, { kind: 'command' }> => {
  const understood = understand(line);
  if (understood.kind !== 'command') throw new Error(`not a command: ${line}: ${JSON.stringify(understood)}`);
  const userId = userIdOf(person);
  const responseUrl = cloud.responseUrl(channelId, userId);
  return {
    kind: 'command',
    requestId,
    receivedAt: new Date(cloud.clock.now()).toISOString(),
    actor: { teamId, userId, userName: person, channelId },
    replyTo: { channelId, userId, ...(responseUrl === undefined ? {} : { responseUrl }) },
    text: understood.text,
    command: understood.command,
    replaceOriginal,
  };
};

const actionsSchema = z.looseObject({
  type: z.literal('actions'),
  elements: z.array(
    z.looseObject({
      action_id: z.string(),
      value: z.string().optional(),
      text: z.looseObject({ text: z.string() }).optional(),
    }),
  ),
});

export type SeenButton = {
  readonly label: string;
  readonly line: string;
  readonly replaces: boolean;
  readonly on: Said;
};

/** Every button that is to be seen and would run a command. */
export const buttonsIn = (said: readonly Said[]): readonly SeenButton[] =>
  said.flatMap((on) =>
    on.blocks.flatMap((block) => {
      const actions = actionsSchema.safeParse(block);
      if (!actions.success) return [];
      return actions.data.elements.flatMap(({ action_id, value, text }) => {
        const pressed = readButton(action_id, value);
        return pressed.kind === 'run'
          ? [{ label: text?.text ?? '', line: pressed.text, replaces: pressed.replaceOriginal, on }]
          : [];
      });
    }),
  );

/** How a delivery that dies is handed on: redelivered after its visibility timeout, or given up by the queue at once. */
export type Afterlife = 'redelivered' | 'dead letter';

/** Works one delivery in an invocation of its own, as Lambda's poller has it worked, and says whether the worker lived. */
export const invoke = async (
  cloud: Cloud,
  delivery: Delivery,
  tally: Tally,
  afterlife: Afterlife = 'redelivered',
): Promise<'lived' | 'died'> => {
  const invocation = beginInvocation(tally);
  const deadline = { atMs: cloud.clock.now() + invocationMs, signal };
  const life = async (): Promise<'lived'> => {
    const outcome = await runMessage(
      crashingPorts(cloud.ports, invocation),
      delivery.message,
      delivery.deliveries,
      deadline,
    );
    if (outcome.kind === 'retry') await invocation.call('SQS retryIn', () => delivery.retryIn(outcome.afterSeconds));
    else await invocation.call('SQS delete', () => delivery.done());
    return 'lived';
  };
  const end = await Promise.race([life(), invocation.died]);
  if (end === 'died') await (afterlife === 'dead letter' ? delivery.bury() : delivery.abandon());
  return end;
};

/** More invocations than any of these tests needs: what goes beyond never comes to rest. */
const invocationsAtMost = 500;

/** Works the queue until nothing is left in it, moving the clock on where a message has to wait. */
export const workToRest = async (cloud: Cloud, work: (delivery: Delivery) => Promise<unknown>): Promise<void> => {
  for (let count = 0; count < invocationsAtMost; count += 1) {
    const delivery = await cloud.source.receive();
    if (delivery !== undefined) {
      await work(delivery);
      continue;
    }
    const nextAtMs = cloud.source.nextAtMs();
    if (nextAtMs === undefined) return;
    await cloud.clock.advance(Math.max(1, nextAtMs - cloud.clock.now()));
  }
  throw new Error(`the queue did not come to rest in ${invocationsAtMost} invocations`);
};

const watchEveryMs = 4 * 60_000;
/** More rounds than anything can be waited for. */
const roundsAtMost = 60;

const isUnderWay = (bulk: BulkState | undefined): boolean =>
  bulk !== undefined && (isBulkWaiting(bulk) || bulk.state === 'released');

/** Whether a plan or a bulk still waits for somebody, or for its expiry. */
const isWaiting = async ({ watchPorts: { ledger }, clock }: Cloud): Promise<boolean> => {
  const streams = new Set<string>();
  for (const at of [clock.now() - 86_400_000, clock.now()]) {
    for await (const { stream } of entriesOfDay(ledger, new Date(at).toISOString().slice(0, 10), signal))
      streams.add(stream);
  }
  const waits = await Promise.all(
    [...streams].map(async (stream) => {
      const entries = await ledger.read(stream, signal);
      if (isBulkStream(stream)) return isUnderWay(foldBulk(entries).bulk);
      return [...fold(entries).changes.values()].some((change) => !isFinished(change));
    }),
  );
  return waits.includes(true);
};

/** Lets watch and worker go on until both find nothing more to do. Rejects when they never do. */
export const recover = async (cloud: Cloud, work: (delivery: Delivery) => Promise<unknown>): Promise<void> => {
  await workToRest(cloud, work);
  for (let round = 1; round <= roundsAtMost; round += 1) {
    await cloud.clock.advance(watchEveryMs);
    const handedOver = await handOverUnfinished(cloud.watchPorts, signal);
    await workToRest(cloud, work);
    if (handedOver === 0 && !(await isWaiting(cloud))) return;
  }
  throw new Error(`watch and worker went on for ${roundsAtMost} rounds`);
};
