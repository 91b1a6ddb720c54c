import { requestBulk } from '../../lib/app/bulk/request-bulk.ts';
import type { Request } from '../../lib/app/ports/ports.ts';
import { waitingAnnouncements } from '../../lib/app/state/announcements.ts';
import { listRegistered } from '../../lib/app/state/directory.ts';
import { waitingPlans } from '../../lib/app/state/waiting-plans.ts';
import type { BulkChange } from '../../lib/core/bulk/bulk-proposal.ts';
import { bulkStream } from '../../lib/core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk } from '../../lib/core/bulk/fold-bulk.ts';
import { type RecordSet, sameRecordSets } from '../../lib/core/dns/record-set.ts';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import { changeIdOf } from '../../lib/core/ledger/change-id.ts';
import { auditStream } from '../../lib/core/ledger/entry.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { auditChannel, type Cloud, commandChannel, type Person, userIdOf } from '../../test/support/cloud/cloud.ts';
import {
  beginInvocation,
  type CrashPoint,
  crashingPorts,
  type Tally,
} from '../../test/support/cloud/crashing-ports.ts';
import { type Afterlife, commandMessage, invoke, recover, workToRest } from '../../test/support/cloud/office.ts';
import { givenUp } from './judge.ts';
import type { Run } from './run-scenario.ts';

const { signal } = new AbortController();
const zone = 'corp.internal';
const adding = (hostname: string, target: string): BulkChange => ({
  verb: 'add',
  definition: { hostname, targets: [target] },
});

/** So many changes of each kind, what is registered before, and where somebody else makes or changes a record before the bulk comes to it. */
const bulkWith = (each: number) => {
  const numbers = Array.from({ length: each }, (_, index) => index);
  const before: readonly BulkChange[] = numbers.flatMap((number) => [
    adding(`u${number}.${zone}`, '10.0.4.12'),
    adding(`r${number}.${zone}`, '10.0.4.12'),
  ]);
  const changes: readonly BulkChange[] = numbers.flatMap((number): readonly BulkChange[] => [
    adding(`a${number}.${zone}`, '10.0.4.13'),
    { verb: 'update', hostname: `u${number}.${zone}`, changes: { targets: ['10.0.4.14'] } },
    { verb: 'remove', hostname: `r${number}.${zone}` },
  ]);
  const [taken, changed] = [`a${Math.min(3, each - 1)}.${zone}`, `u${Math.min(4, each - 1)}.${zone}`];
  return { before, changes, taken, changed };
};
type Bulk = ReturnType<typeof bulkWith>;

const readBulk = async ({ ports }: Cloud, bulkId: string): Promise<BulkState | undefined> =>
  foldBulk(await ports.ledger.read(bulkStream(bulkId), signal)).bulk;

/** Asks for a bulk as a command would, again where the worker dies at it. */
const ask = async (cloud: Cloud, name: string, asked: readonly BulkChange[], tally: Tally): Promise<string> => {
  const message = commandMessage(cloud, 'maria', 'pending', { requestId: `request-${name}` });
  for (let deliveries = 1; ; deliveries += 1) {
    const invocation = beginInvocation(tally);
    const request: Request = { ...message, deliveries };
    const proposal = { source: 'import', title: `Import ${name}`, changes: asked, leftOut: [] } as const;
    const deadline = { atMs: cloud.clock.now() + 88_000, signal };
    const life = requestBulk(crashingPorts(cloud.ports, invocation), request, proposal, deadline);
    const end = await Promise.race([life, invocation.died]);
    if (end !== 'died') return changeIdOf(message.receivedAt, message.requestId);
    await cloud.clock.advance(100_000);
  }
};

/** What somebody else does to the zone, past the bot. */
const meddle = async ({ ports }: Cloud, { taken, changed }: Bulk, zoneId: string): Promise<void> => {
  const record = (name: string, value: string): RecordSet => ({ name, type: 'A', ttlSeconds: 60, values: [value] });
  const batch = [
    { action: 'CREATE', recordSet: record(taken, '10.9.9.9') },
    { action: 'DELETE', recordSet: record(changed, '10.0.4.12') },
    { action: 'CREATE', recordSet: record(changed, '10.9.9.9') },
  ] as const;
  const result = await ports.zones.submit(zoneId, batch, 'somebody else', signal);
  if (result.kind !== 'accepted') throw new Error(`somebody else could not change the zone: ${JSON.stringify(result)}`);
};

/** Whether an approval was given up by the queue before it counted, and the person who gave it was told so. */
const isApprovalLost = (cloud: Cloud, bulk: BulkState | undefined, afterlife: Afterlife): boolean => {
  if (afterlife !== 'dead letter' || bulk?.state !== 'expired') return false;
  const missing = userIdOf(bulk.confirmation === undefined ? 'maria' : 'li');
  return cloud.said().some(({ visibleTo, text }) => visibleTo === missing && text.includes(givenUp));
};

/** Judges zone, ledger, directory and what was said against the bulk, sentence by sentence. */
const judge = async (
  cloud: Cloud,
  { changes, taken, changed }: Bulk,
  bulkId: string,
  tally: Tally,
  afterlife: Afterlife,
): Promise<Run> => {
  const { ledger, state } = cloud.ports;
  const complaints: string[] = [];
  const want = (holds: boolean, complaint: () => string): void => {
    if (!holds) complaints.push(complaint());
  };
  const stream = bulkStream(bulkId);
  const bulk = await readBulk(cloud, bulkId);
  const isLost = isApprovalLost(cloud, bulk, afterlife);
  want(isLost || bulk?.state === 'closed', () => `the bulk is ${bulk?.state ?? 'not recorded'}`);
  const records = await cloud.zone();
  const directory = new Map((await listRegistered(state, signal)).map((known) => [known.definition.hostname, known]));
  for (const part of bulk?.parts ?? []) {
    const { hostname } = part.plan;
    const entries = await ledger.read(hostname, signal);
    want(verifyChain(entries, hostname).ok, () => `the chain of ${hostname} does not verify`);
    const folded = fold(entries);
    const change = folded.changes.get(part.changeId);
    const isMeddledWith = hostname === taken || hostname === changed;
    const expected = isLost ? undefined : isMeddledWith ? 'conflict' : 'applied';
    want(change?.state === expected, () => `${hostname} is ${change?.state}: ${change?.reason ?? ''}`);
    const outcome = bulk?.outcomes.get(part.changeId);
    want(
      outcome?.state === expected && outcome?.hash === change?.lastHash,
      () => `the bulk says of ${hostname}: ${JSON.stringify(outcome)}`,
    );
    const standing = records.filter(({ name }) => name === hostname || name.endsWith(`.${hostname}`));
    const wanted = isLost ? part.plan.before : part.plan.after;
    if (isMeddledWith)
      want(
        standing.some(({ values }) => values.includes('10.9.9.9')),
        () => `what somebody else made at ${hostname} is gone`,
      );
    else want(sameRecordSets(standing, wanted), () => `${hostname} has ${JSON.stringify(standing)}`);
    want(
      JSON.stringify(directory.get(hostname)?.definition) === JSON.stringify(folded.definition),
      () => `the directory has of ${hostname}: ${JSON.stringify(directory.get(hostname))}`,
    );
  }
  for (const name of [stream, auditStream])
    want(verifyChain(await ledger.read(name, signal), name).ok, () => `the chain of ${name} does not verify`);
  const said = cloud.said();
  const announced = said.filter(
    ({ channelId, payload }) => channelId === auditChannel && JSON.stringify(payload['changes'] ?? '').includes(bulkId),
  ).length;
  const mayRepeat = tally.point?.when === 'after' && tally.calls[tally.point.at] === 'Slack post';
  want(announced === 1 || (announced === 2 && mayRepeat), () => `the bulk was announced ${announced} times`);
  for (const { plan } of bulk?.parts ?? [])
    want(
      !said.some(({ channelId, payload }) => channelId === auditChannel && payload['hostname'] === plan.hostname),
      () => `${plan.hostname} was announced by itself`,
    );
  const end = isLost ? 'Nothing was changed' : `${changes.length - 2} of ${changes.length} names changed`;
  want(
    said.some(({ channelId, text }) => channelId === commandChannel && text.includes(end)),
    () => 'the result of the bulk was not posted in the channel of the command',
  );
  const left = [...(await waitingAnnouncements(state, signal)), ...(await waitingPlans(state, signal))];
  want(left.length === 0, () => `there is left to clean by hand: ${JSON.stringify(left)}`);
  want(cloud.source.nextAtMs() === undefined, () => 'the queue is not empty');
  return { calls: tally.calls, judgement: { complaints, repeats: Math.max(0, announced - 1) } };
};

/** A bulk of three kinds of changes, so many of each, two of which somebody else has changed meanwhile: asked for, confirmed and applied while the worker dies once. */
export const bulkScenario = (each: number) => ({
  name: `bulk of ${3 * each}, two conflicts`,
  run: async (cloud: Cloud, point: CrashPoint | undefined, afterlife: Afterlife): Promise<Run> => {
    const given = bulkWith(each);
    const undisturbed: Tally = { calls: [], point: undefined };
    const tally: Tally = { calls: [], point };
    const approve = async (by: Person, bulkId: string, with_: Tally): Promise<void> => {
      const bulk = await readBulk(cloud, bulkId);
      const line = `approve ${bulkId} --plan ${bulk?.digest}`;
      await cloud.ports.queue.send(commandMessage(cloud, by, line, { requestId: `${by}-${bulkId}` }), signal);
      await workToRest(cloud, (delivery) => invoke(cloud, delivery, with_, afterlife));
    };
    await approve('maria', await ask(cloud, 'before', given.before, undisturbed), undisturbed);
    await cloud.clock.advance(1_000);
    const bulkId = await ask(cloud, 'names', given.changes, tally);
    const [first] = (await readBulk(cloud, bulkId))?.parts ?? [];
    await meddle(cloud, given, first?.plan.zoneId ?? '');
    await approve('maria', bulkId, tally);
    // So large a share of the registry needs a second person.
    await approve('li', bulkId, tally);
    await recover(cloud, (delivery) => invoke(cloud, delivery, tally, afterlife));
    return judge(cloud, given, bulkId, tally, afterlife);
  },
});
