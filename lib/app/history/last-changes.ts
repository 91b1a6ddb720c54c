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

type Key = { readonly stream: string; readonly id: string };

/** The change or the bulk that an entry asks for; undefined for any other entry, and for a change that is part of a bulk. */
const requestedBy = ({ stream, body }: Entry): Key | undefined => {
  if (body.kind === 'bulk-requested') return { stream, id: body.bulkId };
  return body.kind === 'requested' && body.partOf === undefined ? { stream, id: body.changeId } : undefined;
};

/** The newest changes of the last week to some hostnames, newest first; a bulk of many is one. Goes back day by day, and no further than it has to. */
export const lastChanges = async (
  { ledger, state, clock }: Pick<Ports, 'ledger' | 'state' | 'clock'>,
  count: number,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<readonly LastChange[]> => {
  const found: Key[] = [];
  const today = Math.floor(clock.now() / dayMs);
  for (let day = today; day > today - daysBack && found.length < count; day -= 1) {
    const requested: Key[] = [];
    for await (const entry of entriesOfDay(ledger, new Date(day * dayMs).toISOString().slice(0, 10), signal)) {
      const key = requestedBy(entry);
      if (key === undefined || !(isBulkStream(key.stream) || of(key.stream))) continue;
      requested.unshift(key);
      requested.splice(count);
    }
    found.push(...requested);
  }
  const newest = found.slice(0, count);
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
  return (await Promise.all(shown)).flat();
};
