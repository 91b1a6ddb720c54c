import { systemClock } from '../system-clock.ts';
import { longestSince, readSince, readTable, withLedger } from './ledger-arguments.ts';
import { readArguments, type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 600_000;

/**
 * `postal-endpoint export`: the entries of the ledger as JSON lines, stream by stream, the audit stream first; each line is the RFC 8785 JSON of one entry. A stream
 * that somebody spoiled ends it with exit status 3 instead of a history with a hole in it.
 */
export const exportInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, { 'ledger-table': { type: 'string' }, since: { type: 'string' } });
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" stands alone. Write --ledger-table NAME [--since 7d].`);
  const table = readTable(values['ledger-table']);
  const sinceMs = values.since === undefined ? undefined : await readSince(values.since);
  const lookBackMs = sinceMs ?? (await readSince(longestSince));
  const [{ knownStreams, readAudit, readStreams }, { canonicalJson }] = await Promise.all([
    import('../ledger/evidence.ts'),
    import('../ledger/digest.ts'),
  ]);
  const signal = AbortSignal.timeout(deadlineMs);
  return withLedger(table, async (ledger) => {
    const audit = await readAudit(ledger, signal);
    const names = await knownStreams(ledger, audit, lookBackMs, systemClock.now(), signal);
    const lines: string[] = [];
    for (const reading of [audit, ...(await readStreams(ledger, names, signal)).values()]) {
      if ('unreadable' in reading) return { text: `postal-endpoint: nothing was exported: ${reading.unreadable.message}`, exitCode: 3 };
      for (const entry of reading.entries) if (Date.parse(entry.at) >= (sinceMs ?? 0)) lines.push(canonicalJson(entry));
    }
    if (lines.length === 0) return { text: `postal-endpoint: ${table} has no entry${sinceMs === undefined ? '' : ' since then'}`, exitCode: 3 };
    return { text: lines.join('\n'), exitCode: 0 };
  });
};
