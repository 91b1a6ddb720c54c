import { systemClock } from '../adapters/system-clock.ts';
import { longestSince, readOneHostname, readSince, readTable, withLedger } from './ledger-arguments.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 600_000;

/**
 * `postal-endpoint export [hostname]`: the entries of the ledger as JSON lines, stream by stream, the audit stream first; each line is the RFC 8785 JSON of one entry. A stream
 * that somebody spoiled ends it with exit status 3 instead of a history with a hole in it.
 * With `--registry`: what is registered now, one line a hostname.
 */
export const exportInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, {
    'ledger-table': { type: 'string' },
    since: { type: 'string' },
    by: { type: 'string' },
    target: { type: 'string' },
    registry: { type: 'boolean', default: false },
  });
  const { registry } = values;
  const hostname = await readOneHostname(positionals);
  const table = readTable(values['ledger-table']);
  const sinceMs = values.since === undefined ? undefined : await readSince(values.since);
  const lookBackMs = sinceMs ?? (await readSince(longestSince));
  const [
    { knownStreams, readAudit, readStreams },
    { canonicalJson },
    { chosenEntriesOf },
    { readTarget },
    { fold },
    { auditStream },
    { registryRow },
  ] = await Promise.all([
    import('../app/verify/evidence.ts'),
    import('../core/base/digest.ts'),
    import('../core/bulk/bulk-history.ts'),
    import('../core/endpoint/target-text.ts'),
    import('../core/ledger/fold.ts'),
    import('../core/ledger/entry.ts'),
    import('../core/endpoint/registry-row.ts'),
  ]);
  const besides = ['since', 'by', 'target'] as const;
  const narrowed = besides.find((option) => registry && values[option] !== undefined);
  if (narrowed !== undefined)
    throw new UsageError(
      `${narrowed}: it selects changes, and --registry prints what is registered now. Leave one of them out.`,
    );
  const target = values.target === undefined ? undefined : readTarget(values.target);
  if (target?.kind === 'invalid') throw new UsageError(`target: ${target.wrong} ${target.right}`);
  const filter = {
    sinceMs: sinceMs ?? 0,
    by: values.by,
    target: target?.kind === 'address' ? target.address.text : target?.name,
  };
  const signal = AbortSignal.timeout(deadlineMs);
  return withLedger(table, async (ledger) => {
    const audit = await readAudit(ledger, signal);
    const names =
      hostname === undefined ? await knownStreams(ledger, audit, lookBackMs, systemClock.now(), signal) : [hostname];
    const lines: string[] = [];
    for (const [stream, reading] of [
      ...(hostname === undefined ? [[auditStream, audit] as const] : []),
      ...(await readStreams(ledger, names, signal)),
    ]) {
      if ('unreadable' in reading)
        return { text: `postal-endpoint: nothing was exported: ${reading.unreadable.message}`, exitCode: 3 };
      if (registry) {
        const { definition } = fold(reading.entries);
        if (definition !== undefined) lines.push(JSON.stringify(registryRow(definition)));
      } else for (const entry of chosenEntriesOf(stream, reading.entries, filter)) lines.push(canonicalJson(entry));
    }
    if (lines.length === 0)
      return {
        text: `postal-endpoint: ${table} has no ${registry ? 'registered hostname' : `${args.length > 2 ? 'such ' : ''}entry`}`,
        exitCode: 3,
      };
    return { text: lines.join('\n'), exitCode: 0 };
  });
};
