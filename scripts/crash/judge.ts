import { waitingAnnouncements } from '../../lib/app/state/announcements.ts';
import { listRegistered } from '../../lib/app/state/directory.ts';
import { waitingPlans } from '../../lib/app/state/waiting-plans.ts';
import { type RecordSet, sameRecordSets } from '../../lib/core/dns/record-set.ts';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import { auditStream, refusedStream } from '../../lib/core/ledger/entry.ts';
import { type ChangeState, fold, isFinished } from '../../lib/core/ledger/fold.ts';
import { approversChannel, auditChannel, type Cloud, type Said, userIdOf } from '../../test/support/cloud/cloud.ts';
import type { CrashPoint } from '../../test/support/cloud/crashing-ports.ts';
import { type Afterlife, buttonsIn } from '../../test/support/cloud/office.ts';
import type { Scenario } from './scenario.ts';

const { signal } = new AbortController();

/** What is wrong in the end, a sentence each; and how many announcements were made more than once. */
export type Judgement = { readonly complaints: readonly string[]; readonly repeats: number };

type Ran = {
  readonly zone: readonly RecordSet[];
  readonly said: number;
  readonly isThrough: boolean;
  readonly point: CrashPoint | undefined;
  readonly afterlife: Afterlife;
  readonly calls: readonly string[];
};

/** The audit messages that speak for a change. */
export const announcementsOf = (said: readonly Said[], changeId: string): readonly Said[] =>
  said.filter(
    ({ channelId, payload }) =>
      channelId === auditChannel && JSON.stringify(payload['changes'] ?? '').includes(changeId),
  );

const finalMarks: Readonly<Partial<Record<ChangeState['state'], string>>> = {
  applied: '✅',
  failed: '❌',
  conflict: '🛑',
  rejected: '🚫',
  cancelled: '🚫',
  expired: '⌛',
};

/** What a person is told whose message the queue gave up. */
export const givenUp = 'I tried this many times without success';

/** Judges the zone against ledger, audit channel, directory and what people were told. */
export const judge = async (cloud: Cloud, scenario: Scenario, ran: Ran): Promise<Judgement> => {
  const { ledger, state } = cloud.ports;
  const complaints: string[] = [];
  const want = (holds: boolean, complaint: () => string): void => {
    if (!holds) complaints.push(complaint());
  };
  const entries = await ledger.read(scenario.hostname, signal);
  const stream = fold(entries);
  for (const name of [scenario.hostname, auditStream, refusedStream]) {
    const verdict = verifyChain(await ledger.read(name, signal), name);
    want(verdict.ok, () => `the chain of ${name} does not verify`);
  }

  const before = scenario.before.length;
  const changes = [...stream.changes.values()];
  const change = changes[before];
  want(changes.length <= before + 1, () => `there are ${changes.length} changes`);
  const said = cloud.said().slice(0);
  const zone = await cloud.zone();
  const after = change?.state === 'applied' ? change.plan.after : ran.zone;
  want(
    sameRecordSets(zone, after),
    () => `the zone holds ${JSON.stringify(zone)}, and the change is ${change?.state ?? 'not recorded'}`,
  );
  if (ran.afterlife === 'redelivered') {
    want(ran.isThrough, () => 'a button was nowhere to be seen');
    want(
      change?.state === scenario.ends,
      () => `the change is ${change?.state ?? 'not recorded'}: ${change?.reason ?? ''}`,
    );
  }

  let repeats = 0;
  for (const each of changes) {
    const { changeId } = each;
    want(isFinished(each), () => `${changeId} is ${each.state} for ever`);
    const applied = entries.filter(({ body }) => body.kind === 'applied' && body.changeId === changeId).length;
    want(applied === (each.state === 'applied' ? 1 : 0), () => `${changeId} was applied ${applied} times`);
    const announced = announcementsOf(said, changeId).length;
    const mayRepeat = ran.point?.when === 'after' && ran.calls[ran.point.at] === 'Slack post';
    want(announced === 1 || (announced === 2 && mayRepeat), () => `${changeId} was announced ${announced} times`);
    repeats += Math.max(0, announced - 1);
    const witnessed = (await ledger.read(auditStream, signal)).filter(
      ({ body }) => body.kind === 'announced' && body.changes.some((spokenFor) => spokenFor.changeId === changeId),
    ).length;
    want(witnessed === 1, () => `${changeId} has ${witnessed} entries of its announcement`);
  }

  const registered = (await listRegistered(state, signal)).map(({ definition, changeId }) =>
    JSON.stringify([definition, changeId]),
  );
  const expected =
    stream.registeredBy === undefined ? [] : [JSON.stringify([stream.definition, stream.registeredBy.changeId])];
  want(
    JSON.stringify(registered) === JSON.stringify(expected),
    () => `the directory holds ${registered.join(' ') || 'nothing'}`,
  );

  const [first] = scenario.steps;
  const requester = userIdOf(first?.by ?? 'maria');
  const heard = said.filter(({ visibleTo }) => visibleTo === requester).map(({ text }) => text);
  const mark = change === undefined ? undefined : finalMarks[change.state];
  const isTold =
    mark === undefined
      ? heard.some((text) => text.includes(givenUp))
      : heard.some((text) => text.replaceAll('*', '').startsWith(`${mark} ${scenario.hostname} `));
  want(isTold, () => `the requester was told only: ${heard.join(' / ')}`);
  if (change?.state === 'applied')
    want(
      !heard.some((text) => text.includes(givenUp)),
      () => 'the requester was told that nothing was changed, and it was',
    );

  const left = [...(await waitingAnnouncements(state, signal)), ...(await waitingPlans(state, signal))];
  want(left.length === 0, () => `there is left to clean by hand: ${JSON.stringify(left)}`);
  want(cloud.source.nextAtMs() === undefined, () => 'the queue is not empty');
  want((await cloud.watchPorts.deadLetters.receive(signal)).length === 0, () => 'there are dead letters');
  const stale = buttonsIn(said).some(
    ({ on, label }) => on.channelId === approversChannel && on.visibleTo === undefined && label === 'Approve',
  );
  want(!stale || said.some(({ replacesOriginal }) => replacesOriginal), () => 'the approvers still see their buttons');
  return { complaints, repeats };
};
