import { systemClock } from '../adapters/system-clock.ts';
import { registryAt } from '../app/history/registry-at.ts';
import type { Ledger } from '../app/ports/ledger.ts';
import { knownStreams, readAudit } from '../app/verify/evidence.ts';
import { momentOfDay } from '../core/base/zoned-time.ts';
import type { RegistryFormat } from '../core/endpoint/registry-format.ts';
import { registryRow } from '../core/endpoint/registry-row.ts';
import { isDefinedSo, mayBeIn, narrows, readFilter } from '../core/filter/endpoint-filter.ts';
import type { FilterTexts } from '../core/grammar/filter-parts.ts';
import { registryText } from '../core/import/registry-text.ts';
import { longestSince, readSince } from './ledger-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

/** The time in `--at`, in UTC unless it has an offset; without it, all that is in the ledger counts. */
const readAt = (at: string | undefined): number => {
  if (at === undefined) return Number.POSITIVE_INFINITY;
  const atMs = momentOfDay(at, 'UTC');
  if (atMs === undefined)
    throw new UsageError(
      `at: "${at}" is not a valid time. Write a day such as 2026-11-20, which means its beginning, or 2026-11-20T14:30, both in UTC; or add an offset such as +01:00.`,
    );
  if (atMs > systemClock.now())
    throw new UsageError(`at: ${at} is in the future. Leave --at out for what is registered now.`);
  return atMs;
};

/** What is registered, or was at a time, as a file: all of it, or what a filter chooses. */
export const exportRegistry = (
  asked: { readonly format: RegistryFormat; readonly at: string | undefined; readonly texts: FilterTexts },
  table: string,
  signal: AbortSignal,
): ((ledger: Ledger) => Promise<ShellResult>) => {
  const { format, at, texts } = asked;
  const atMs = readAt(at);
  const read = readFilter(texts);
  if (!read.ok) throw new UsageError(read.lines.join(' '));
  const { filter } = read;
  return async (ledger) => {
    const audit = await readAudit(ledger, signal);
    const streams = await knownStreams(ledger, audit, await readSince(longestSince), systemClock.now(), signal);
    const { scope } = filter;
    const found = await registryAt(
      { ledger, clock: systemClock },
      {
        atMs,
        audit,
        streams: scope?.kind === 'hostname' ? [...streams, scope.hostname] : streams,
        current: [],
        isWanted: (hostname) => mayBeIn(scope, hostname),
        untilMs: Number.POSITIVE_INFINITY,
      },
      signal,
    );
    const nothing = (why: string): ShellResult => ({ text: `postal-endpoint: ${why}`, exitCode: 3 });
    switch (found.kind) {
      case 'faulty': {
        const [first] = found.faults;
        return nothing(`nothing was exported: ${first?.what}. ${first?.meaning} verify lists every fault.`);
      }
      case 'before':
        return nothing(`at: the first entry of the ledger is from ${found.firstAt}. Give a time after that.`);
      case 'empty':
      case 'too-long':
        return nothing(`${table} has no entry`);
      case 'known':
    }
    const rows = found.registered.filter(({ definition }) => isDefinedSo(filter, definition));
    return rows.length === 0
      ? nothing(
          `${table} has no ${narrows(filter) ? 'such ' : ''}registered hostname${at === undefined ? '' : ` at ${at}`}`,
        )
      : {
          text: registryText(
            format,
            rows.map(({ definition }) => registryRow(definition)),
          ).trimEnd(),
          exitCode: 0,
        };
  };
};
