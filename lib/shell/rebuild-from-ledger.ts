import { createDynamoDbLedger } from '../adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { syncDirectory } from '../app/change/sync-directory.ts';
import type { Ledger } from '../app/ports/ledger.ts';
import type { StateStore } from '../app/ports/state-store.ts';
import { differenceLines } from '../app/rebuild/difference-lines.ts';
import { projectionsOf } from '../app/rebuild/from-ledger.ts';
import { type Difference, differencesOf } from '../app/rebuild/projection.ts';
import { directory } from '../app/state/directory.ts';
import { knownStreams, readAudit, readStreams } from '../app/verify/evidence.ts';
import { auditStream, type Entry, refusedStream } from '../core/ledger/entry.ts';
import { withDynamoDb } from './ledger-arguments.ts';
import type { ShellResult } from './shell-result.ts';

const deadlineMs = 600_000;

type Stores = { readonly ledger: Ledger; readonly state: StateStore };

/**
 * Puts one difference right while workers may be at work: a name of the directory is entered as the ledger has it by then, and what a worker has put into
 * an empty place meanwhile stays.
 */
const mend = async ({ ledger, state }: Stores, difference: Difference, signal: AbortSignal): Promise<void> => {
  const { collection, key } = difference.kind === 'extra' ? difference.standing : difference.item;
  if (difference.kind === 'extra') await state.remove(collection, key, signal);
  if (collection === directory) return syncDirectory({ ledger, state }, key, signal);
  if (difference.kind !== 'extra') await state.put(difference.item, difference.kind === 'missing', signal);
};

/** Shows, and with `write` mends, what of the state table the ledger tells otherwise. */
export const rebuildFromLedger = async ({
  ledgerTable,
  stateTable,
  lookBackMs,
  write,
}: {
  readonly ledgerTable: string;
  readonly stateTable: string;
  /** From when on names are looked for that were never announced; milliseconds since the epoch. */
  readonly lookBackMs: number;
  readonly write: boolean;
}): Promise<ShellResult> => {
  const signal = AbortSignal.timeout(deadlineMs);
  return withDynamoDb(`${ledgerTable} or ${stateTable} is not a table of this application`, async (client) => {
    const ledger = createDynamoDbLedger({ table: ledgerTable, client });
    const state = createDynamoDbStateStore({ table: stateTable, clock: systemClock, client });
    const audit = await readAudit(ledger, signal);
    const names = (await knownStreams(ledger, audit, lookBackMs, systemClock.now(), signal)).filter(
      (name) => name !== refusedStream,
    );
    const readings = [[auditStream, audit] as const, ...(await readStreams(ledger, names, signal))];
    const streams: (readonly Entry[])[] = [];
    for (const [, reading] of readings) {
      // With a hole in it, the rebuilt registry would lack names that are registered.
      if ('unreadable' in reading)
        return { text: `postal-endpoint: nothing was rebuilt: ${reading.unreadable.message}`, exitCode: 3 };
      streams.push(reading.entries);
    }
    const [auditEntries = [], ...others] = streams;
    const differences: Difference[] = [];
    for (const projection of projectionsOf(others, auditEntries, systemClock.now())) {
      differences.push(...differencesOf(projection, await state.list(projection.collection, signal)));
    }
    if (write) for (const difference of differences) await mend({ ledger, state }, difference, signal);
    const lines = differences.flatMap(differenceLines);
    const source = `the ledger's ${others.length} ${others.length === 1 ? 'hostname' : 'hostnames'}`;
    const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
    if (differences.length === 0) return { text: `${stateTable} is as ${source} have it.`, exitCode: 0 };
    return write
      ? { text: [...lines, `${stateTable}: ${count} corrected from ${source}.`].join('\n'), exitCode: 0 }
      : {
          text: [...lines, `${stateTable}: ${count} from ${source}. Nothing was written: --write does it.`].join('\n'),
          exitCode: 1,
        };
  });
};
