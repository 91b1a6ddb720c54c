import { concurrently } from '../../core/base/concurrently.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import { entriesUntil } from '../../core/ledger/entries-until.ts';
import { auditStream, type Entry } from '../../core/ledger/entry.ts';
import { type ChangeState, fold } from '../../core/ledger/fold.ts';
import type { StreamReading, VerificationFault } from '../../core/ledger/verification.ts';
import { readingLimits } from '../../core/limits/limits.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered, registeredByChange } from '../state/directory.ts';
import { knownStreams, readAudit, readStream } from '../verify/evidence.ts';
import { checkChain } from '../verify/verify-stream.ts';

const streamsAtOnce = 16;
/** A change that is not announced after so long has set off an alarm. */
const unannouncedMs = 7 * 86_400_000;

/** What the ledger tells of what was registered at a moment. */
export type PastRegistry =
  | {
      readonly kind: 'known';
      /** In alphabetical order. */
      readonly registered: readonly Registered[];
      /** The change that was applied last before that moment; absent: none was. */
      readonly last?: ChangeState;
      /** How many were applied since. */
      readonly changesSince: number;
      /** Registered now, and without an entry: the registry was restored from DNS after the ledger was lost. */
      readonly withoutEntries: readonly string[];
    }
  | { readonly kind: 'empty' }
  /** `firstAt`: ISO 8601, when the first entry was written. */
  | { readonly kind: 'before'; readonly firstAt: string }
  | { readonly kind: 'faulty'; readonly faults: readonly VerificationFault[] }
  | { readonly kind: 'too-long'; readonly read: number; readonly of: number };

/** What one stream has to say about a moment. */
const foldedAt = (entries: readonly Entry[], atMs: number) => {
  const { applied, lastApplied } = fold(entriesUntil(entries, atMs));
  return { firstAt: entries[0]?.at, lastApplied, changesSince: fold(entries).applied.length - applied.length };
};

const finishedAt = (change: ChangeState | undefined): string => change?.finishedAt ?? '';

/** Of which hostnames the registry is wanted, and where they are looked for. */
export type RegistryAsked = {
  /** Milliseconds since the epoch; infinite: now. */
  readonly atMs: number;
  readonly audit: StreamReading;
  /** Streams of the ledger; those that are no hostnames are left out. */
  readonly streams: readonly string[];
  /** What the directory has registered now, where it is known. */
  readonly current: readonly string[];
  readonly isWanted: (hostname: string) => boolean;
  /** After that no stream is begun; milliseconds since the epoch. */
  readonly untilMs: number;
};

/**
 * The registry at a moment, folded from the streams of all hostnames that are wanted. Every chain is verified whole: an entry whose time was edited could
 * otherwise hide on the far side of that moment.
 */
export const registryAt = async (
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  { atMs, audit, streams, isWanted, untilMs, ...asked }: RegistryAsked,
  signal: AbortSignal,
): Promise<PastRegistry> => {
  const current = asked.current.filter(isWanted);
  const names = new Set([
    ...streams.filter((stream) => 'hostname' in parseHostname(stream) && isWanted(stream)),
    ...current,
  ]);

  const faults = [...checkChain(auditStream, audit).faults];
  const folded = new Map<string, ReturnType<typeof foldedAt>>();
  await concurrently([...names], streamsAtOnce, async (hostname) => {
    if (clock.now() > untilMs) return;
    const reading = await readStream(ledger, hostname, signal);
    faults.push(...checkChain(hostname, reading).faults);
    folded.set(hostname, foldedAt('unreadable' in reading ? [] : reading.entries, atMs));
  });

  if (faults.length > 0) return { kind: 'faulty', faults };
  if (folded.size < names.size) return { kind: 'too-long', read: folded.size, of: names.size };
  const each = [...folded.values()];
  const begun = each.map(({ firstAt }) => firstAt);
  const [firstAt] = [...begun, 'unreadable' in audit ? undefined : audit.entries[0]?.at]
    .filter((at) => at !== undefined)
    .sort();
  if (firstAt === undefined) return { kind: 'empty' };
  if (atMs < Date.parse(firstAt)) return { kind: 'before', firstAt };
  const last = each
    .map(({ lastApplied }) => lastApplied)
    .reduce((one, other) => (finishedAt(other) > finishedAt(one) ? other : one), undefined);
  return {
    kind: 'known',
    registered: each
      .flatMap(({ lastApplied }) => (lastApplied && registeredByChange(lastApplied)) ?? [])
      .toSorted((one, other) => (one.definition.hostname < other.definition.hostname ? -1 : 1)),
    changesSince: each.reduce((sum, { changesSince }) => sum + changesSince, 0),
    withoutEntries: current.filter((hostname) => folded.get(hostname)?.firstAt === undefined).sort(),
    ...(last && { last }),
  };
};

/** The same of a bot, which may look into the directory and has little time. */
export const pastRegistry = async (
  ports: Pick<Ports, 'ledger' | 'state' | 'clock'>,
  atMs: number,
  isWanted: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<PastRegistry> => {
  const { ledger, state, clock } = ports;
  const nowMs = clock.now();
  const audit = await readAudit(ledger, signal);
  const [streams, directory] = await Promise.all([
    knownStreams(ledger, audit, nowMs - unannouncedMs, nowMs, signal),
    listRegistered(state, signal),
  ]);
  const current = directory.map(({ definition }) => definition.hostname);
  const untilMs = nowMs + readingLimits.milliseconds;
  return registryAt(ports, { atMs, audit, streams, current, isWanted, untilMs }, signal);
};
