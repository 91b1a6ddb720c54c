import type { LastChange } from '../../core/ledger/fold.ts';
import { fold } from '../../core/ledger/fold.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import type { Ports } from '../ports/ports.ts';
import { permalinkOf } from '../state/announcements.ts';

const dayMs = 86_400_000;
const daysBack = 7;

/** The newest changes of the last week to some hostnames, newest first. Goes back day by day, and no further than it has to. */
export const lastChanges = async (
  { ledger, state, clock }: Pick<Ports, 'ledger' | 'state' | 'clock'>,
  count: number,
  of: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<readonly LastChange[]> => {
  const found: { readonly hostname: string; readonly changeId: string }[] = [];
  const today = Math.floor(clock.now() / dayMs);
  for (let day = today; day > today - daysBack && found.length < count; day -= 1) {
    const requested: typeof found = [];
    for await (const { stream, body } of entriesOfDay(
      ledger,
      new Date(day * dayMs).toISOString().slice(0, 10),
      signal,
    )) {
      if (body.kind !== 'requested' || !of(stream)) continue;
      requested.unshift({ hostname: stream, changeId: body.changeId });
      requested.splice(count);
    }
    found.push(...requested);
  }
  const newest = found.slice(0, count);
  const hostnames = [...new Set(newest.map(({ hostname }) => hostname))];
  const streams = new Map(
    await Promise.all(hostnames.map(async (name) => [name, fold(await ledger.read(name, signal))] as const)),
  );
  const changes = newest.flatMap(({ hostname, changeId }) => streams.get(hostname)?.changes.get(changeId) ?? []);
  return Promise.all(changes.map(async (change) => ({ change, permalink: await permalinkOf(state, change, signal) })));
};
