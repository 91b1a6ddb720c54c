import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { foldBulk } from '../../core/bulk/fold-bulk.ts';
import type { LastChange } from '../../core/bulk/last-change.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { fold } from '../../core/ledger/fold.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import type { Ports } from '../ports/ports.ts';
import { permalinkOf, permalinkOfBulk } from '../state/announcements.ts';
import { mayReadBulk } from './history-rows.ts';

const dayMs = 86_400_000;
const daysBack = 7;
/** A bulk of hundreds of names may be before the next change; of thousands, Home does not look past it. */
const entriesAtMost = 2_000;

type Key = { readonly stream: string; readonly id: string };

/** The change or the bulk that an entry asks for; undefined for any other entry, and for a change that is part of a bulk. */
const requestedBy = ({ stream, body }: Entry): Key | undefined => {
  if (body.kind === 'bulk-requested') return { stream, id: body.bulkId };
  return body.kind === 'requested' && body.partOf === undefined ? { stream, id: body.changeId } : undefined;
};

/** The newest changes of the last week, newest first. */
export type LastChanges = {
  readonly changes: readonly LastChange[];
  /** Where no more was read, for other entries are so many: ISO 8601; absent: there are enough changes, or no more in that week. */
  readonly cutAt?: string;
};

/** Finds the requests of the newest changes, from the newest entry back and no further than it has to. */
const newestRequests = async (
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  count: number,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<{ readonly found: readonly Key[]; readonly cutAt?: string }> => {
  const found: Key[] = [];
  const today = Math.floor(clock.now() / dayMs);
  let read = 0;
  for (let day = today; day > today - daysBack; day -= 1) {
    const dayText = new Date(day * dayMs).toISOString().slice(0, 10);
    for await (const entry of entriesOfDay(ledger, dayText, signal, 'newest first')) {
      if (found.length === count) return { found };
      if (read === entriesAtMost) return { found, cutAt: entry.at };
      read += 1;
      const key = requestedBy(entry);
      if (key !== undefined && (isBulkStream(key.stream) || of(key.stream))) found.push(key);
    }
  }
  return { found };
};

/** The newest changes to some hostnames; a bulk of many is one. */
export const lastChanges = async (
  ports: Pick<Ports, 'ledger' | 'state' | 'clock'>,
  count: number,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<LastChanges> => {
  const { ledger, state } = ports;
  const { found: newest, ...cut } = await newestRequests(ports, count, of, signal);
  const streams = new Map(
    await Promise.all(
      [...new Set(newest.map(({ stream }) => stream))].map(
        async (stream) => [stream, await ledger.read(stream, signal)] as const,
      ),
    ),
  );
  const shown = newest.map(async ({ stream, id }): Promise<readonly LastChange[]> => {
    const entries = streams.get(stream) ?? [];
    const bulk = isBulkStream(stream) ? foldBulk(entries).bulk : undefined;
    if (bulk !== undefined)
      return mayReadBulk(bulk, of, false) ? [{ bulk, permalink: await permalinkOfBulk(state, id, signal) }] : [];
    const change = fold(entries).changes.get(id);
    return change === undefined ? [] : [{ change, permalink: await permalinkOf(state, change, signal) }];
  });
  return { changes: (await Promise.all(shown)).flat(), ...cut };
};
