import * as z from 'zod';
import type { Deadline } from '../../core/base/deadline.ts';
import { listedZone, matchesDefinition } from '../../core/dns/listed-zone.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { type Drift, driftOf } from '../../core/dns/registered.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { fold } from '../../core/ledger/fold.ts';
import type { Drifted } from '../../core/watch/health/drifted.ts';
import { cnamesIn } from '../look-up/read-pointers.ts';
import { saveCnames } from '../state/cname-store.ts';
import { listRegistered } from '../state/directory.ts';
import { listDrifts, removeDrift, saveDrift } from '../state/drift-store.ts';
import type { WatchPorts } from './watch-ports.ts';

/** So often every zone is compared. */
const everyMs = 30 * 60_000;
/** Where a zone could not be read, or not to its end: the others have their turn before it. */
const againAfterMs = 5 * 60_000;
const notingMs = 1_500;
/** With less than this left nothing is begun. */
const shortestMs = 5_000;
const place = { collection: 'watch', key: 'drift-sweep' } as const;
const sweepSchema = z.object({ zones: z.record(z.string(), z.int()) });

/** What a change of the last minutes left may not be in the listing yet. */
const settlingMs = 5 * 60_000;

const words: Readonly<Record<Exclude<Drift['kind'], 'in-sync'>, readonly [text: string, remedy: string]>> = {
  missing: [
    'Record and marker are gone from Route 53.',
    'Put them back with update, or take the name out of the registry with remove.',
  ],
  changed: [
    'Someone else has changed the record in Route 53.',
    'Restore it with update, or take over what is there with adopt.',
  ],
  'record-only': [
    'The ownership marker is gone from Route 53, the record is there.',
    'Take the record over again with adopt.',
  ],
  'marker-only': ['The record is gone from Route 53, its marker is there.', 'Put it right with update.'],
  foreign: [
    'The record in Route 53 does not belong to this bot.',
    'The bot does not change it. Ask whoever created it what it is for.',
  ],
  leftover: [
    'The name is not registered, but it has a marker of this bot.',
    'Take it over with adopt, or have it removed by hand.',
  ],
};

const findingOf = (kind: Exclude<Drift['kind'], 'in-sync'>): Drifted['finding'] => ({
  code: `drift-${kind}`,
  text: words[kind][0],
  remedy: words[kind][1],
});

/** What the ledger says to it; undefined where a change is under way, or was a moment ago. */
const judged = async (
  { ledger, clock }: WatchPorts,
  hostname: string,
  standing: readonly RecordSet[],
  signal: AbortSignal,
): Promise<Drift | undefined> => {
  const stream = fold(await ledger.read(hostname, signal));
  const isUnsettled = stream.head !== undefined && clock.now() - Date.parse(stream.head.at) < settlingMs;
  return stream.active !== undefined || isUnsettled
    ? undefined
    : driftOf(hostname, stream.lastApplied?.plan.after ?? [], standing);
};

/** Compares one zone with what is registered in it. */
const sweepZone = async (
  ports: WatchPorts,
  zoneId: string,
  registered: readonly Registered[],
  signal: AbortSignal,
): Promise<boolean> => {
  const listed = await ports.zones.list(zoneId, signal);
  if (!listed.ok) {
    ports.log.warn('a zone could not be compared with what is registered', { zoneId, failure: listed.failure });
    return false;
  }
  await saveCnames(ports.state, zoneId, ports.clock.now(), cnamesIn(listed.value), signal);
  const known = await listDrifts(ports.state, signal);
  const { standingAt, marked } = listedZone(listed.value);
  const inDirectory = new Map<string, Registered>(registered.map((one) => [one.definition.hostname, one]));
  // Another zone may lie in this one. And of what had drifted, some is registered no more, and has no marker.
  const isHere = (hostname: string): boolean => zoneOf(hostname, ports.policy.zones)?.id === zoneId;
  for (const hostname of new Set([...inDirectory.keys(), ...[...marked, ...known.keys()].filter(isHere)])) {
    const standing = standingAt(hostname);
    const one = inDirectory.get(hostname);
    const isInSync = one !== undefined && matchesDefinition(one.definition, one.changeId, standing);
    const drift = isInSync ? ({ kind: 'in-sync' } as const) : await judged(ports, hostname, standing, signal);
    if (drift === undefined) continue;
    const before = known.get(hostname);
    if (drift.kind === 'in-sync') {
      if (before !== undefined) await removeDrift(ports.state, hostname, signal);
      continue;
    }
    const finding = findingOf(drift.kind);
    if (before?.finding.code !== finding.code)
      await saveDrift(ports.state, hostname, { sinceMs: before?.sinceMs ?? ports.clock.now(), finding }, signal);
  }
  return true;
};

/**
 * Compares the zone whose turn it is with what is registered, one zone a run and each every half hour: a request for every 300 record sets. What has drifted
 * is noted for the looks to tell, each with what would mend it; nothing is mended by itself. Where there is no time for it, a later run does it.
 */
export const driftSweep = async (ports: WatchPorts, deadline: Deadline): Promise<void> => {
  const { state, clock, policy, log } = ports;
  const { signal } = deadline;
  if (signal.aborted || deadline.atMs - clock.now() < shortestMs)
    return log.warn('no time was left to compare zones with what is registered');
  const item = await state.get(place.collection, place.key, signal);
  const doneAt = sweepSchema.safeParse(item?.value).data?.zones ?? {};
  const [next] = policy.zones
    .filter(({ id }) => clock.now() - (doneAt[id] ?? 0) >= everyMs)
    .toSorted((one, other) => (doneAt[one.id] ?? 0) - (doneAt[other.id] ?? 0));
  if (next === undefined) return;
  const sweep = async (): Promise<boolean> => {
    const registered = (await listRegistered(state, signal)).filter(
      ({ definition }) => zoneOf(definition.hostname, policy.zones)?.id === next.id,
    );
    return sweepZone(ports, next.id, registered, signal);
  };
  const isDone = await sweep().catch((error: unknown) => {
    if (!signal.aborted) throw error;
    log.warn('the comparison of a zone with what is registered ran out of time', { zoneId: next.id });
    return false;
  });
  const at = clock.now() - (isDone ? 0 : everyMs - againAfterMs);
  await state.put({ ...place, value: { zones: { ...doneAt, [next.id]: at } } }, false, AbortSignal.timeout(notingMs));
};
