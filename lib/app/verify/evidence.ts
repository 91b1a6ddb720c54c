import { bulkStream, isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { auditStream } from '../../core/ledger/entry.ts';
import type { StreamReading } from '../../core/ledger/verification.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import { type Ledger, LedgerCorrupt } from '../ports/ledger.ts';
import type { MessengerResult } from '../ports/messenger.ts';
import type { Witness } from '../ports/witness.ts';
import { readAuditPost } from './audit-post.ts';
import { bulksOfStream, hostnamesOfBulk } from './told-by-bulk.ts';
import type { Evidence } from './verify.ts';

const dayMs = 86_400_000;
const daysAtOnce = 16;
const streamsAtOnce = 8;

/** What is to be compared with the channel: one hostname, or everything that happened or was announced since then. */
export type EvidenceScope = {
  readonly channelId: string;
  readonly hostname: string | undefined;
  readonly sinceMs: number;
  readonly isWanted: (stream: string) => boolean;
  /** Picks some of the streams, which it is given in order; absent: all. */
  readonly choose?: (streams: readonly string[]) => readonly string[];
};

/** Reads one stream whole. */
export const readStream = async (ledger: Ledger, stream: string, signal: AbortSignal): Promise<StreamReading> => {
  try {
    return { entries: await ledger.read(stream, signal) };
  } catch (error) {
    if (!(error instanceof LedgerCorrupt)) throw error;
    return { unreadable: { sequenceKey: error.sequenceKey, message: error.message } };
  }
};

const inGroups = async <Item, Result>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size)
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  return results;
};

/** Streams that have an entry of these days; of a day that cannot be read, the one that spoils it. */
const streamsOfDays = async (
  ledger: Ledger,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const first = Math.floor(fromMs / dayMs);
  const days = Array.from({ length: Math.floor(toMs / dayMs) - first + 1 }, (_, index) =>
    new Date((first + index) * dayMs).toISOString().slice(0, 10),
  );
  const found = await inGroups(days, daysAtOnce, async (day) => {
    try {
      const streams = new Set<string>();
      for await (const { stream } of entriesOfDay(ledger, day, signal)) streams.add(stream);
      return [...streams];
    } catch (error) {
      if (error instanceof LedgerCorrupt) return [error.stream];
      throw error;
    }
  });
  return found.flat();
};

const announcedIn = (audit: StreamReading): readonly string[] =>
  'unreadable' in audit
    ? []
    : audit.entries.flatMap(({ body }) =>
        body.kind === 'announced' ? body.changes.map(({ hostname }) => hostname) : [],
      );

/**
 * Every stream that anything is known of: announced ever, written to in this time, or changed by one of the bulks among them. The audit stream is not among
 * them.
 */
export const knownStreams = async (
  ledger: Ledger,
  audit: StreamReading,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const names = new Set([...announcedIn(audit), ...(await streamsOfDays(ledger, fromMs, toMs, signal))]);
  names.delete(auditStream);
  // Of a bulk's plans, which may be long, only the names are kept.
  const inBulks = await inGroups([...names].filter(isBulkStream), streamsAtOnce, async (name) =>
    hostnamesOfBulk(await readStream(ledger, name, signal)),
  );
  return [...new Set([...names, ...inBulks.flat()])].sort();
};

/** Reads streams whole, by name. */
export const readStreams = async (
  ledger: Ledger,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StreamReading>> =>
  new Map(
    await inGroups(names, streamsAtOnce, async (name) => [name, await readStream(ledger, name, signal)] as const),
  );

/** Reads the audit stream whole. */
export const readAudit = (ledger: Ledger, signal: AbortSignal): Promise<StreamReading> =>
  readStream(ledger, auditStream, signal);

/** The message of the last announcement before the time asked for: that it is there shows that Slack keeps messages long enough. */
const anchorBefore = (audit: StreamReading, { channelId, sinceMs }: EvidenceScope): string | undefined => {
  const announced = 'unreadable' in audit ? [] : audit.entries.map(({ body }) => body);
  const before = announced.findLast(
    (body) => body.kind === 'announced' && body.channelId === channelId && Number(body.ts) * 1000 < sinceMs,
  );
  return before?.kind === 'announced' ? before.ts : undefined;
};

/** Reads what `verify` holds against each other. A stream that somebody spoiled is evidence too; an outage of the ledger is thrown. */
export const readEvidence = async (
  { ledger, witness }: { readonly ledger: Ledger; readonly witness: Witness },
  scope: EvidenceScope,
  nowMs: number,
  signal: AbortSignal,
): Promise<MessengerResult<Evidence>> => {
  const audit = await readAudit(ledger, signal);
  const oldest = anchorBefore(audit, scope);
  const posts = await witness.posts(scope.channelId, oldest, signal);
  if (!posts.ok) return posts;
  const posted = posts.value.filter(({ byThisApp }) => byThisApp).flatMap((post) => readAuditPost(post)?.changes ?? []);
  const names =
    scope.hostname === undefined
      ? new Set([
          ...(await knownStreams(ledger, audit, scope.sinceMs, nowMs, signal)),
          ...posted.map(({ hostname }) => hostname),
        ])
      : new Set([scope.hostname]);
  const wanted = [...names].filter((name) => isBulkStream(name) || scope.isWanted(name)).sort();
  const chosen = scope.choose?.(wanted) ?? wanted;
  const read = await readStreams(ledger, chosen, signal);
  const others = [...new Set([...read.values()].flatMap(bulksOfStream).map(bulkStream))].filter(
    (each) => !read.has(each),
  );
  const bulks = await readStreams(ledger, others, signal);
  // Who asks about one hostname asks about its bulks, too; else each bulk is judged where it is chosen.
  const [streams, besides] = scope.hostname === undefined ? [read, bulks] : [new Map([...read, ...bulks]), new Map()];
  return {
    ok: true,
    value: {
      audit,
      channel: { channelId: scope.channelId, posts: posts.value, oldest },
      streams,
      bulks: besides,
      nowMs,
    },
  };
};
