import { waitingAnnouncements } from '../../../lib/app/state/announcements.ts';
import { listRegistered } from '../../../lib/app/state/directory.ts';
import { waitingPlans } from '../../../lib/app/state/waiting-plans.ts';
import { definitionDigest, markerName } from '../../../lib/core/dns/marker.ts';
import { changeBatch } from '../../../lib/core/dns/plan.ts';
import { type RecordChange, recordSetKey, sameRecordSets } from '../../../lib/core/dns/record-set.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { auditStream, type Entry, refusedStream } from '../../../lib/core/ledger/entry.ts';
import { type ChangeState, fold, isFinished } from '../../../lib/core/ledger/fold.ts';
import { auditChannel, cloudPolicy, userIdOf } from '../cloud/cloud.ts';
import { hostnames } from './action.ts';
import type { Played } from './play.ts';

const { signal } = new AbortController();
const [production] = cloudPolicy.protected;
const approvers: readonly string[] = production?.approvers.users ?? [];

const batchKey = (changes: readonly RecordChange[]): string =>
  JSON.stringify(changes.map(({ action, recordSet }) => [action, recordSetKey(recordSet)]));

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
  for (const name of [...hostnames, auditStream, refusedStream]) {
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
    want(!late, () => `${name} was released after its plan had expired`);
    for (const { body } of entries) {
      if (body.kind !== 'approved' || body.changeId !== changeId) continue;
      const given = asked.find(({ requestId }) => requestId === body.requestId)?.command;
      const isOfThisPlan = given?.verb === 'approve' && given.plan !== undefined && plan.digest.startsWith(given.plan);
      want(isOfThisPlan, () => `${name} was released with the digest of another plan`);
    }
    const undone = changes.get(plan.undoes ?? '')?.plan;
    const isInverse =
      undone === undefined ||
      (sameDefinition(plan.definitionBefore, undone.definitionAfter) &&
        sameDefinition(plan.definitionAfter, undone.definitionBefore));
    want(isInverse, () => `${name} takes back more than ${plan.undoes} had changed`);

    const times = change.landedLate === true ? [1, 2] : [1];
    const entered = audit.filter(
      ({ body }) => body.kind === 'announced' && body.changes.some((spokenFor) => spokenFor.changeId === changeId),
    );
    want(times.includes(entered.length), () => `${name} has ${entered.length} entries of its announcement`);
    const isWitnessed = entered.some(
      ({ body }) => body.kind === 'announced' && body.changes.some(({ hashes }) => hashes.includes(change.lastHash)),
    );
    want(isWitnessed, () => `${name} has no announcement with its last hash`);
    const posted = posts.filter(({ payload }) => JSON.stringify(payload['changes'] ?? '').includes(changeId)).length;
    want(times.includes(posted), () => `${name} was announced ${posted} times`);
  };

  const recorded = new Set<string>();
  for (const hostname of hostnames) {
    const entries = await ledger.read(hostname, signal);
    const stream = fold(entries);
    for (const change of stream.changes.values()) judgeChange(change, entries, stream.changes);
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
