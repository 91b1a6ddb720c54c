import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { gate } from '../../core/base/gate.ts';
import { namedInRefusal } from '../../core/bulk/named-in-refusal.ts';
import { type RecordChange, sameRecordSets } from '../../core/dns/record-set.ts';
import { indexedZone, type ZoneIndex } from '../../core/dns/zone-index.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';
import type { Ports } from '../ports/ports.ts';
import type { SubmitResult } from '../ports/zone-store.ts';
import { rememberedLedger } from './remembered-ledger.ts';
import type { Route53Pace } from './route53-pace.ts';
import { sharedReads } from './shared-reads.ts';

/** What is left for the rest of a worker's time when Route 53 is busy. */
const keptForTheRestMs = 20_000;
/** Enough to be quick, and few enough that the calls of a single change, which may share the machine, come between. */
const callsAtOnce = 8;
/** Above so many names, one listing costs less than reading each of them and its marker. */
const readOneByOne = 10;

/** The batch of one name, until it has been sent with the others. */
type Waiting = {
  readonly zoneId: string;
  readonly changes: readonly RecordChange[];
  readonly names: ReadonlySet<string>;
  readonly resolve: (result: SubmitResult) => void;
  readonly reject: (error: unknown) => void;
};

/** What sending together needs: the ports as they are, and the same with reads that all names of a slice share. */
export type SendingPorts = { readonly direct: Ports; readonly shared: Ports; readonly pace: Route53Pace };

/** Ledger and state with so many calls at a time, for hundreds of names work at once. */
const gated = (ports: Ports): Ports => {
  const { ledger, state } = ports;
  const pass = gate(callsAtOnce);
  return {
    ...ports,
    ledger: {
      ...ledger,
      read: (...asked) => pass(() => ledger.read(...asked)),
      head: (...asked) => pass(() => ledger.head(...asked)),
      append: (...asked) => pass(() => ledger.append(...asked)),
    },
    state: { ...state, put: (...asked) => pass(() => state.put(...asked)) },
  };
};

/** Ports for a slice of a bulk's work. */
export const sendingPorts = (ports: Ports, pace: Route53Pace): SendingPorts => {
  const direct = gated(ports);
  return { direct, shared: sharedReads(direct), pace };
};

/** Whether Route 53 still has what a batch deletes, and nothing else, as far as the listing knows. */
const fitsListing = async ({ shared }: SendingPorts, { zoneId, changes, names }: Waiting, signal: AbortSignal) => {
  const standing = await shared.zones.readNames(zoneId, [...names], signal);
  const deleted = changes.filter(({ action }) => action === 'DELETE').map(({ recordSet }) => recordSet);
  return !standing.ok || sameRecordSets(standing.value, deleted);
};

const otherRecords: SubmitResult = { kind: 'invalid', messages: ['The name now has different records.'] };

type Answered = readonly [Waiting, SubmitResult];

/** Sends one batch, again while Route 53 is busy, as far as the time goes. */
const submitPatiently = async (
  { direct, pace }: SendingPorts,
  zoneId: string,
  changes: readonly RecordChange[],
  comment: string,
  deadline: Deadline,
): Promise<SubmitResult> => {
  for (let round = 1; ; round += 1) {
    await pace.wait(changes.length, deadline.signal);
    const result = await direct.zones.submit(zoneId, changes, comment, deadline.signal);
    if (result.kind !== 'failed' || result.failure.kind !== 'busy') return result;
    const pauseMs = backoffMs(round, 1_000, 10_000, direct.random);
    if (direct.clock.now() + pauseMs > deadline.atMs - keptForTheRestMs) return result;
    await direct.clock.sleep(pauseMs, deadline.signal);
  }
};

/** What Route 53 says of a batch that it refuses; nothing where it took it, or nobody knows. */
const refusalOf = (result: SubmitResult): readonly string[] => {
  if (result.kind === 'invalid') return result.messages;
  return result.kind === 'failed' && result.failure.kind === 'denied' ? result.failure.message.split('; ') : [];
};

/**
 * Sends batches of one zone as one, and resolves to what happened to each. Where Route 53 refuses the batch, the names that its messages are about are taken
 * out and the rest is sent; only where none is named, it is halved.
 */
const sendAsOne = async (
  sending: SendingPorts,
  batch: readonly Waiting[],
  comment: string,
  deadline: Deadline,
): Promise<readonly Answered[]> => {
  const [first] = batch;
  if (first === undefined) return [];
  const changes = batch.flatMap((each) => each.changes);
  const result = await submitPatiently(sending, first.zoneId, changes, comment, deadline);
  const named = namedInRefusal(refusalOf(result), new Set(batch.flatMap(({ names }) => [...names])));
  if (batch.length === 1 || (result.kind !== 'invalid' && named.size === 0))
    return batch.map((each) => [each, result] as const);
  const isNamed = ({ names }: Waiting): boolean => [...names].some((name) => named.has(name));
  const half = Math.ceil(batch.length / 2);
  const rests = named.size === 0 ? [batch.slice(0, half), batch.slice(half)] : [batch.filter((each) => !isNamed(each))];
  const answered: Answered[] = batch.filter(isNamed).map((each) => [each, result]);
  for (const rest of rests) answered.push(...(await sendAsOne(sending, rest, comment, deadline)));
  return answered;
};

/**
 * Works for many names of one zone at the same time. Each works as if it were alone, but their batches are sent as one, as soon as every name has come to
 * its batch or has ended without one; what the listing shows to be otherwise is not sent, for it would fail all others. What was sent is afterwards read
 * afresh. Rejects with the first failure, once nobody works any more.
 */
export const sendTogether = async <Item>(
  sending: SendingPorts,
  items: readonly Item[],
  comment: string,
  deadline: Deadline,
  work: (ports: Ports, item: Item) => Promise<void>,
): Promise<void> => {
  const { direct, shared, pace } = sending;
  const sent = new Set<string>();
  let working = items.length;
  let waiting: Waiting[] = [];
  let freshIndex: Promise<ZoneResult<ZoneIndex>> | undefined;
  /** Names of the last batch that were not told that it was accepted: they look at the zone. */
  let unsure = 0;

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    const answered: Answered[] = [];
    const fitting: Waiting[] = [];
    for (const each of batch) {
      const isAgain = [...each.names].some((name) => sent.has(name));
      if (isAgain || (await fitsListing(sending, each, deadline.signal))) fitting.push(each);
      else answered.push([each, otherRecords]);
      for (const name of each.names) sent.add(name);
    }
    for (const ofZone of Map.groupBy(fitting, ({ zoneId }) => zoneId).values())
      answered.push(...(await sendAsOne(sending, ofZone, comment, deadline)));
    freshIndex = undefined;
    unsure = answered.filter(([, { kind }]) => kind !== 'accepted').length;
    for (const [{ resolve }, result] of answered) resolve(result);
  };
  const sendOnceAllWait = (): void => {
    if (waiting.length === 0 || waiting.length < working) return;
    const batch = waiting;
    waiting = [];
    send(batch).catch((error: unknown) => {
      for (const { reject } of batch) reject(error);
    });
  };

  const listedAfresh = async (zoneId: string, signal: AbortSignal): Promise<ZoneResult<ZoneIndex>> => {
    const listed = await direct.zoneListing.list(zoneId, signal);
    return listed.ok ? { ok: true, value: indexedZone('', listed.value) } : listed;
  };
  const readAfresh: Ports['zones']['readNames'] = async (zoneId, names, signal) => {
    if (unsure <= readOneByOne) {
      await pace.wait(0, signal);
      return direct.zones.readNames(zoneId, names, signal);
    }
    freshIndex ??= listedAfresh(zoneId, signal);
    const index = await freshIndex;
    return index.ok ? { ok: true, value: names.flatMap((name) => index.value.at(name)) } : index;
  };
  const ports: Ports = {
    ...shared,
    ledger: rememberedLedger(direct.ledger),
    zones: {
      ...shared.zones,
      readNames: (zoneId, names, signal) =>
        names.some((name) => sent.has(name))
          ? readAfresh(zoneId, names, signal)
          : shared.zones.readNames(zoneId, names, signal),
      submit: (zoneId, changes) => {
        const { promise, resolve, reject } = Promise.withResolvers<SubmitResult>();
        const names = new Set(changes.map(({ recordSet }) => recordSet.name));
        waiting.push({ zoneId, changes, names, resolve, reject });
        sendOnceAllWait();
        return promise;
      },
    },
  };
  const failures: unknown[] = [];
  await Promise.all(
    items.map(async (item) => {
      try {
        await work(ports, item);
      } catch (error) {
        failures.push(error);
      } finally {
        working -= 1;
        sendOnceAllWait();
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
};
