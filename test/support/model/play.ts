import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { handOverUnfinished } from '../../../lib/app/watch/unfinished-business.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk } from '../../../lib/core/bulk/fold-bulk.ts';
import { markerName } from '../../../lib/core/dns/marker.ts';
import type { RecordChange, RecordSet } from '../../../lib/core/dns/record-set.ts';
import { targetTexts } from '../../../lib/core/endpoint/targets.ts';
import { changeIdOf } from '../../../lib/core/ledger/change-id.ts';
import { type ChangeState, fold, isPending } from '../../../lib/core/ledger/fold.ts';
import {
  approversChannel,
  type Cloud,
  commandChannel,
  type Delivery,
  type Person,
  people,
  userIdOf,
} from '../cloud/cloud.ts';
import { countedPort, type Invocation, type Tally } from '../cloud/crashing-ports.ts';
import { commandMessage, invoke, recover } from '../cloud/office.ts';
import { zoneId } from '../memory-ports.ts';
import { type Action, hostnames } from './action.ts';
import { guardedZones, policyNow, restore, usualPermissions } from './permissions.ts';
import { createTruth, type Truth } from './truth.ts';
import { type Unreliable, unreliable } from './unreliable-ports.ts';

const { signal } = new AbortController();
const invocationsAtOnceAtMost = 12;

type Asked = Extract<QueueMessage, { kind: 'command' }>;

/** A history on its way: the cloud with its ports made unreliable, and what truly happened. */
export type Played = {
  readonly cloud: Cloud;
  readonly faults: Unreliable;
  readonly truth: Truth;
  /** Every command that somebody gave. */
  readonly asked: readonly Asked[];
  readonly say: (by: Person, line: string) => Promise<void>;
};

/** A small generator of numbers below `bound` that a seed decides. */
const numbers = (seed: number): ((bound: number) => number) => {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
};

/** Lets other invocations in between, a little or a lot, before and after every call; and time goes on whenever somebody looks at the clock. */
const interleaved = (cloud: Cloud, next: (bound: number) => number): Cloud => {
  const dawdle = async (): Promise<void> => {
    for (let left = next(8) === 0 ? next(400) : next(12); left > 0; left -= 1) await null;
  };
  const slow: Invocation = {
    died: new Promise(() => undefined),
    call: async (_, make) => {
      await dawdle();
      const answer = await make();
      await dawdle();
      return answer;
    },
  };
  const { ledger, zones, state, clock } = cloud.ports;
  let elapsedMs = 0;
  const ticking = { now: () => clock.now() + ++elapsedMs, sleep: clock.sleep };
  return {
    ...cloud,
    ports: {
      ...cloud.ports,
      clock: ticking,
      ledger: countedPort('', ledger, slow),
      zones: countedPort('', zones, slow),
      state: countedPort('', state, slow),
    },
  };
};

/** Every change of every name, oldest first. */
export const changesOf = async (cloud: Cloud): Promise<readonly ChangeState[]> => {
  const streams = await Promise.all(hostnames.map((hostname) => cloud.ports.ledger.read(hostname, signal)));
  return streams
    .flatMap((entries) => [...fold(entries).changes.values()])
    .toSorted((one, other) => one.requestedAt.localeCompare(other.requestedAt));
};

/** Every bulk that was asked for, oldest first. */
export const bulksOf = async (cloud: Cloud, asked: readonly Asked[]): Promise<readonly BulkState[]> => {
  const bulks: BulkState[] = [];
  for (const { receivedAt, requestId } of asked) {
    const { bulk } = foldBulk(await cloud.ports.ledger.read(bulkStream(changeIdOf(receivedAt, requestId)), signal));
    if (bulk !== undefined) bulks.push(bulk);
  }
  return bulks;
};

/** The command of a bulk, about what is registered by now. */
const bulkLine = async (
  cloud: Cloud,
  { what, nth, target, only }: Extract<Action, { kind: 'bulk' }>,
): Promise<string> => {
  if (what === 'adopt') return `adopt ${only === '' ? '*.corp.internal' : only}`;
  if (what !== 'move') return what;
  const registered = await Promise.all(
    hostnames.map(async (hostname) => fold(await cloud.ports.ledger.read(hostname, signal)).definition),
  );
  const addresses = registered.flatMap((each) => (each === undefined ? [] : targetTexts(each.targets)));
  const from = addresses[nth % Math.max(1, addresses.length)] ?? '10.0.4.1';
  const to = from === target ? '10.0.4.9' : target;
  return `move ${from} ${to}${only === '' ? '' : ` --only ${only}`}`;
};

const personBehind = (userId: string): Person => people.find((person) => userIdOf(person) === userId) ?? 'guest';

const decider = (
  by: Extract<Action, { kind: 'decide' }>['by'],
  { actor }: Pick<ChangeState, 'actor'> | Pick<BulkState, 'actor'>,
): Person => {
  const requester = personBehind(actor.userId);
  if (by === 'requester') return requester;
  if (by === 'approver') return requester === 'li' ? 'oncall' : 'li';
  return by;
};

/** What the outsider does to the records of a name, given what is there and what the ledger wants there. */
const deedOf = (
  { hostname, does, target }: Extract<Action, { kind: 'outsider' }>,
  zone: readonly RecordSet[],
  wanted: readonly RecordSet[],
): RecordChange[] => {
  const records = zone.filter(({ name }) => name === hostname);
  const markers = zone.filter(({ name }) => name === markerName(hostname));
  const remove = (sets: readonly RecordSet[]): RecordChange[] =>
    sets.map((recordSet) => ({ action: 'DELETE', recordSet }));
  const create = (sets: readonly RecordSet[]): RecordChange[] =>
    sets.map((recordSet) => ({ action: 'CREATE', recordSet }));
  switch (does) {
    case 'set the record':
      return [
        ...remove(records),
        ...create([{ name: hostname, type: target.includes(':') ? 'AAAA' : 'A', ttlSeconds: 300, values: [target] }]),
      ];
    case 'delete the record':
      return remove(records);
    case 'delete the marker':
      return remove(markers);
    case 'set a marker of their own':
      return [
        ...remove(markers),
        ...create([{ name: markerName(hostname), type: 'TXT', ttlSeconds: 60, values: ['"of another tool"'] }]),
      ];
    case 'put back the record':
      return [...remove(records), ...create(wanted.filter(({ name }) => name === hostname))];
  }
};

const isIdle = (changes: readonly RecordChange[]): boolean =>
  changes.every(({ action, recordSet }) =>
    changes.some((other) => other.action !== action && JSON.stringify(other.recordSet) === JSON.stringify(recordSet)),
  );

/** Plays a history to its end, recovery included. */
export const play = async (base: Cloud, actions: readonly Action[]): Promise<Played> => {
  const truth = createTruth();
  const faults = unreliable(base.ports, truth.committed);
  const watchPorts = { ...base.watchPorts, ledger: faults.ports.ledger };
  const permissions = usualPermissions();
  const zones = guardedZones(faults.ports.zones, base.ports.ledger, permissions, truth);
  const cloud: Cloud = {
    ...base,
    get ports() {
      return { ...faults.ports, zones, policy: policyNow(permissions) };
    },
    watchPorts,
  };
  const asked: Asked[] = [];
  let dies: Tally['point'];

  const workNow = async (delivery: Delivery, in_: Cloud = cloud): Promise<void> => {
    const point = dies;
    dies = undefined;
    await invoke(in_, delivery, { calls: [], point });
  };
  const workAll = async (): Promise<void> => {
    for (let left = invocationsAtOnceAtMost; left > 0; left -= 1) {
      const delivery = await cloud.source.receive();
      if (delivery === undefined) return;
      await workNow(delivery);
    }
  };
  const workSome = async (atOnce: number, twice: boolean, seed: number): Promise<void> => {
    const next = numbers(seed);
    const dawdling = interleaved(cloud, next);
    const running: Promise<void>[] = [];
    for (let left = atOnce; left > 0; left -= 1) {
      const delivery = await cloud.source.receive(next);
      if (delivery === undefined) break;
      // Of two workers on one message the one that lives takes the message with it: that is no death with a second chance.
      if (twice) dies = undefined;
      running.push(workNow(delivery, dawdling));
      // The visibility timeout was over before the worker was. Announcements rely on being alone in their message group.
      if (twice && delivery.message.kind !== 'announce')
        running.push(workNow({ ...delivery, deliveries: delivery.deliveries + 1 }, dawdling));
    }
    await Promise.all(running);
  };
  const ask = async (by: Person, line: string, works: boolean, channelId = commandChannel): Promise<void> => {
    const message = commandMessage(cloud, by, line, { requestId: `request-${asked.length + 1}`, channelId });
    asked.push(message);
    await cloud.ports.queue.send(message, signal);
    if (works) await workAll();
    await cloud.clock.advance(1);
  };
  const nthLast = async (nth: number, fits: (change: ChangeState) => boolean): Promise<ChangeState | undefined> =>
    (await changesOf(cloud)).filter(fits).at(-1 - nth);

  const releaseBulk = async (bulk: BulkState, works: boolean): Promise<void> => {
    const line = `approve ${bulk.bulkId} --plan ${bulk.digest.slice(0, 24)}`;
    await ask(decider('requester', bulk), line, works);
    if (bulk.needs.length > 0) await ask(decider('approver', bulk), line, works, approversChannel);
  };

  const askFor = async (
    { by, works, released = false }: Extract<Action, { kind: 'ask' | 'undo' | 'bulk' | 'undo-bulk' }>,
    line: string,
  ): Promise<void> => {
    await ask(by, line, works);
    const bulk = (await bulksOf(cloud, asked.slice(-1)))[0];
    if (bulk !== undefined) return released ? releaseBulk(bulk, works) : undefined;
    const change = released ? await nthLast(0, isPending) : undefined;
    if (change === undefined) return;
    const releaser = decider(change.plan.release.kind === 'approval' ? 'approver' : 'requester', change);
    await ask(releaser, `approve ${change.changeId} --plan ${change.plan.digest}`, works, approversChannel);
  };

  const step = async (action: Action): Promise<void> => {
    switch (action.kind) {
      case 'ask':
        return askFor(action, action.line);
      case 'undo': {
        const change = await nthLast(action.nth, ({ state }) => state === 'applied');
        return change && askFor(action, `undo ${change.changeId}`);
      }
      case 'decide': {
        const change = await nthLast(
          action.nth,
          ({ plan }) => plan.release.kind === 'approval' || plan.release.kind === 'confirmation',
        );
        if (change === undefined) return;
        const digest = action.digest === 'right' ? change.plan.digest : 'f'.repeat(64);
        const line =
          action.verb === 'approve'
            ? `approve ${change.changeId} --plan ${digest.slice(0, 24)}`
            : `${action.verb} ${change.changeId}`;
        return ask(decider(action.by, change), line, action.works, approversChannel);
      }
      case 'bulk': {
        const line = await bulkLine(cloud, action);
        if (!action.what.startsWith('undo')) return askFor(action, line);
        const last = await nthLast(0, ({ state }) => state === 'applied');
        return askFor({ ...action, by: last === undefined ? action.by : decider('requester', last) }, line);
      }
      case 'undo-bulk': {
        const bulk = (await bulksOf(cloud, asked)).filter(({ state }) => state === 'closed').at(-1 - action.nth);
        return bulk && askFor(action, `undo ${bulk.bulkId}`);
      }
      case 'decide-bulk': {
        const bulk = (await bulksOf(cloud, asked)).at(-1 - action.nth);
        if (bulk === undefined) return;
        const digest = action.digest === 'right' ? bulk.digest : 'f'.repeat(64);
        const line = `${action.verb} ${bulk.bulkId}${action.verb === 'approve' ? ` --plan ${digest.slice(0, 24)}` : ''}`;
        return ask(decider(action.by, bulk), line, action.works, approversChannel);
      }
      case 'work':
        return workSome(action.atOnce, action.twice, action.seed);
      case 'die':
        dies = { at: action.at, when: action.when };
        return;
      case 'route53':
        faults.submits.push(...action.faults);
        return;
      case 'ledger':
        faults.appends.push(...action.faults);
        return;
      case 'slack':
        faults.posts.push(...action.faults);
        return;
      case 'land-late':
        return faults.landLate();
      case 'rights':
        if (action.given) permissions.withdrawn.delete(action.of);
        else permissions.withdrawn.add(action.of);
        return;
      case 'ranges':
        permissions.ranges = action.are;
        return;
      case 'protection':
        permissions.protection = action.is;
        return;
      case 'zone':
        permissions.zone = action.is;
        return;
      case 'jump':
        await cloud.clock.advance(action.seconds * 1000);
        // Watch runs every minute.
        await handOverUnfinished(cloud.watchPorts, signal);
        return;
      case 'watch':
        await handOverUnfinished(cloud.watchPorts, signal);
        return workAll();
      case 'outsider': {
        const wanted = fold(await cloud.ports.ledger.read(action.hostname, signal)).lastApplied?.plan.after ?? [];
        const changes = deedOf(action, await cloud.zone(), wanted);
        if (isIdle(changes)) return;
        const result = await base.ports.zones.submit(zoneId, changes, 'outsider', signal);
        if (result.kind !== 'accepted') throw new Error(`the outsider was refused: ${JSON.stringify(result)}`);
        truth.edited(changes);
      }
    }
  };

  for (const action of actions) await step(action);
  dies = undefined;
  restore(permissions);
  faults.heal();
  await faults.landLate();
  await recover(cloud, (delivery) => workNow(delivery));
  return { cloud, faults, truth, asked, say: async (by, line) => ask(by, line, true) };
};
