import { waitingAnnouncements } from '../../../lib/app/state/announcements.ts';
import { listRegistered } from '../../../lib/app/state/directory.ts';
import { waitingPlans } from '../../../lib/app/state/waiting-plans.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { isWaiting, missingNeeds } from '../../../lib/core/bulk/fold-bulk.ts';
import { definitionDigest, markerName } from '../../../lib/core/dns/marker.ts';
import { changeBatch } from '../../../lib/core/dns/plan.ts';
import { recordSetKey, sameRecordSets } from '../../../lib/core/dns/record-set.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { auditStream, type Entry, refusedStream } from '../../../lib/core/ledger/entry.ts';
import { type ChangeState, fold, isFinished } from '../../../lib/core/ledger/fold.ts';
import { auditChannel, cloudPolicy, userIdOf } from '../cloud/cloud.ts';
import { hostnames } from './action.ts';
import { batchKey } from './parts-of-batch.ts';
import { bulksOf, type Played } from './play.ts';

const { signal } = new AbortController();
const [production] = cloudPolicy.protected;
const approvers: readonly string[] = production?.approvers.users ?? [];

/** By how much the clock may go on between a look at it and an entry. */
const clockTicksMs = 10_000;

const sameDefinition = (one: Definition | undefined, other: Definition | undefined): boolean =>
  one === undefined || other === undefined ? one === other : definitionDigest(one) === definitionDigest(other);

/** What nobody may have released. */
const releaseComplaint = (change: ChangeState): string | undefined => {
  const { plan, actor, approvedBy } = change;
  if (actor.userId === userIdOf('guest')) return 'was asked for by someone without any right';
  const isProtected = plan.hostname.endsWith('.prod.corp.internal');
  switch (plan.release.kind) {
    case 'at-once':
      return isProtected ? 'needs a second person' : undefined;
    case 'confirmation':
      return isProtected || approvedBy?.userId !== actor.userId ? 'was not confirmed by whoever asked' : undefined;
    case 'approval':
      if (approvedBy === undefined || approvedBy.userId === actor.userId) return 'was approved by whoever asked';
      return approvers.includes(approvedBy.userId) ? undefined : 'was approved by someone who may not';
    case 'break-glass':
      return actor.userId === userIdOf('oncall') ? undefined : 'broke glass without the right';
  }
};

/** Everything that has to hold once a history has come to rest; a sentence for each that does not. */
export const complaintsAbout = async ({ cloud, truth, asked }: Played): Promise<readonly string[]> => {
  const { ledger, state } = cloud.ports;
  const complaints: string[] = [...truth.trespasses];
  const want = (holds: boolean, complaint: () => string): void => {
    if (!holds) complaints.push(complaint());
  };
  const zone = await cloud.zone();
  const audit = await ledger.read(auditStream, signal);
  const posts = cloud
    .said()
    .filter(({ channelId, visibleTo }) => channelId === auditChannel && visibleTo === undefined);
  const bulks = await bulksOf(cloud, asked);
  const bulkOf = new Map(bulks.map((bulk) => [bulk.bulkId, bulk]));
  for (const name of [...hostnames, auditStream, refusedStream, ...bulks.map(({ bulkId }) => bulkStream(bulkId))]) {
    want(verifyChain(await ledger.read(name, signal), name).ok, () => `the chain of ${name} does not verify`);
  }
  want(
    sameRecordSets(zone, truth.zone()),
    () => `the zone holds ${JSON.stringify(zone)}, and ${JSON.stringify(truth.zone())} was written`,
  );

  const judgeChange = (
    change: ChangeState,
    entries: readonly Entry[],
    changes: ReadonlyMap<string, ChangeState>,
  ): void => {
    const { changeId, plan, verb } = change;
    const bulk = bulkOf.get(change.partOf ?? '');
    want(change.partOf === undefined || bulk !== undefined, () => `${changeId} is part of no bulk that there is`);
    const name = `${verb} of ${plan.hostname} (${changeId.slice(-4)}, ${change.state})`;
    want(isFinished(change), () => `${name} is not finished`);
    const applied = entries.filter(({ body }) => body.kind === 'applied' && body.changeId === changeId).length;
    want(
      applied === (change.state === 'applied' ? 1 : 0),
      () => `${name} is in the ledger ${applied} times as applied`,
    );
    const commits = truth.commits.filter((commit) => commit.changeId === changeId);
    const isEdited = truth.isEdited(plan.hostname);
    const expected = change.state === 'applied' && changeBatch(plan).length > 0 ? 1 : 0;
    want(commits.length === expected || isEdited, () => `${name} was committed ${commits.length} times`);
    for (const { changes } of commits)
      want(batchKey(changes) === batchKey(changeBatch(plan)), () => `${name} was sent as another batch than its plan`);
    if (commits.length > 0 || change.state === 'applied') {
      const why = releaseComplaint(change);
      want(why === undefined, () => `${name} ${why}`);
    }
    const forged = entries.some(
      ({ body }) =>
        body.kind === 'approved' &&
        body.changeId === changeId &&
        plan.release.kind === 'approval' &&
        body.by.userId === change.actor.userId,
    );
    want(!forged, () => `${name} has an approval by whoever asked`);
    const late = entries.some(
      ({ at, body }) =>
        body.kind === 'approved' &&
        body.changeId === changeId &&
        Date.parse(at) > Date.parse(plan.expiresAt) + clockTicksMs,
    );
    want(!late || bulk !== undefined, () => `${name} was released after its plan had expired`);
    for (const { body } of entries) {
      if (body.kind !== 'approved' || body.changeId !== changeId) continue;
      const given = asked.find(({ requestId }) => requestId === body.requestId)?.command;
      const isOfThisPlan =
        given?.verb === 'approve' && given.plan !== undefined && (bulk ?? plan).digest.startsWith(given.plan);
      want(isOfThisPlan, () => `${name} was released with the digest of another plan`);
    }
    const undone = changes.get(plan.undoes ?? '')?.plan;
    const isInverse =
      undone === undefined ||
      // A bulk may undo several changes of a name as one, of which the oldest is named.
      ((bulk !== undefined || sameDefinition(plan.definitionBefore, undone.definitionAfter)) &&
        sameDefinition(plan.definitionAfter, undone.definitionBefore));
    want(isInverse, () => `${name} takes back more than ${plan.undoes} had changed`);

    const outcome = bulk?.outcomes.get(changeId);
    const isToldByBulk = outcome?.hash === change.lastHash;
    const own = change.landedLate === true ? [1, 2] : [1];
    const times = bulk === undefined ? own : change.landedLate === true ? [0, 1] : [0];
    const entered = audit.filter(
      ({ body }) => body.kind === 'announced' && body.changes.some((spokenFor) => spokenFor.changeId === changeId),
    );
    want(times.includes(entered.length), () => `${name} has ${entered.length} entries of its announcement`);
    const isWitnessed =
      isToldByBulk ||
      entered.some(
        ({ body }) => body.kind === 'announced' && body.changes.some(({ hashes }) => hashes.includes(change.lastHash)),
      );
    want(isWitnessed, () => `${name} has no announcement with its last hash`);
    const posted = posts.filter(({ payload }) => JSON.stringify(payload['changes'] ?? '').includes(changeId)).length;
    want(times.includes(posted), () => `${name} was announced ${posted} times`);
  };

  const recorded = new Set<string>();
  for (const bulk of bulks) {
    const name = `${bulk.title} (${bulk.bulkId.slice(-4)}, ${bulk.state})`;
    want(!isWaiting(bulk) && bulk.state !== 'released', () => `${name} is not over`);
    want(bulk.actor.userId !== userIdOf('guest'), () => `${name} was asked for by someone without any right`);
    recorded.add(bulk.requestId);
    for (const requestId of bulk.decidedBy) recorded.add(requestId);
    for (const { by, requestId } of [...(bulk.confirmation ? [bulk.confirmation] : []), ...bulk.approvals]) {
      const given = asked.find((message) => message.requestId === requestId)?.command;
      const isOfThis = given?.verb === 'approve' && given.plan !== undefined && bulk.digest.startsWith(given.plan);
      want(isOfThis, () => `${name} was released with the digest of another list`);
      const isOwn = by.userId === bulk.actor.userId;
      want(isOwn === (requestId === bulk.confirmation?.requestId), () => `${name} was approved by whoever asked`);
      want(isOwn || approvers.includes(by.userId), () => `${name} was approved by someone who may not`);
    }
    const isReleased = bulk.confirmation !== undefined && missingNeeds(bulk).length === 0;
    want((bulk.state === 'closed') === isReleased, () => `${name} was released, and is ${bulk.state}`);
    want(
      bulk.outcomes.size === (bulk.state === 'closed' ? bulk.parts.length : 0),
      () => `${name} says what became of ${bulk.outcomes.size} of ${bulk.parts.length} names`,
    );
    for (const { hostname, changeId, hash, state: ended } of bulk.outcomes.values()) {
      const entries = await ledger.read(hostname, signal);
      const change = fold(entries).changes.get(changeId);
      want(
        entries.some((entry) => entry.hash === hash && 'changeId' in entry.body && entry.body.changeId === changeId),
        () => `${name} names an entry of ${hostname} that there is not`,
      );
      want(
        change?.state === ended || change?.landedLate === true,
        () => `${name} says that ${hostname} is ${ended}, and it is ${change?.state}`,
      );
    }
    const speaks = (body: Entry['body']): boolean =>
      body.kind === 'announced' && body.changes.some(({ changeId }) => changeId === bulk.bulkId);
    want(audit.filter(({ body }) => speaks(body)).length === 1, () => `${name} is not announced once in the ledger`);
    const isWitness = ({ payload }: (typeof posts)[number]): boolean =>
      JSON.stringify(payload['changes'] ?? '').includes(bulk.bulkId);
    want(posts.filter(isWitness).length === 1, () => `${name} is not announced once`);
  }
  for (const hostname of hostnames) {
    const entries = await ledger.read(hostname, signal);
    const stream = fold(entries);
    for (const change of stream.changes.values()) {
      judgeChange(change, entries, stream.changes);
      const state = bulkOf.get(change.partOf ?? '')?.state ?? 'closed';
      want(state === 'closed', () => `${change.changeId} of ${hostname} is part of a bulk that is ${state}`);
    }
    for (const requestId of stream.byRequestId.keys()) recorded.add(requestId);
    const standing = zone.filter(({ name }) => name === hostname || name === markerName(hostname));
    const expected = stream.lastApplied?.plan.after ?? [];
    // Route 53 compares what a batch deletes, and lets a record of another type that was made meanwhile stand beside what it creates.
    const stands = truth.isEdited(hostname)
      ? truth.isEditedLast(hostname) ||
        expected.every((recordSet) => standing.some((other) => recordSetKey(other) === recordSetKey(recordSet)))
      : sameRecordSets(standing, expected);
    want(
      stands,
      () => `${hostname} holds ${JSON.stringify(standing)}, and the ledger says ${JSON.stringify(expected)}`,
    );
    const registered = (await listRegistered(state, signal)).find(({ definition }) => definition.hostname === hostname);
    want(
      registered?.changeId === stream.registeredBy?.changeId,
      () => `the directory has ${hostname} of ${registered?.changeId}`,
    );
  }

  const answered = new Set(cloud.said().map(({ answers }) => answers));
  for (const { requestId, replyTo, text } of asked) {
    want(
      recorded.has(requestId) || answered.has(replyTo.responseUrl),
      () => `${requestId}, ${text}, was neither recorded nor answered`,
    );
  }

  const left = [...(await waitingAnnouncements(state, signal)), ...(await waitingPlans(state, signal))];
  want(left.length === 0, () => `there is left to clean by hand: ${JSON.stringify(left)}`);
  want(cloud.source.nextAtMs() === undefined, () => 'the queue is not empty');
  return complaints;
};
