import { systemClock } from '../adapters/system-clock.ts';
import { notARegistryFormat, type RegistryFormat, registryFormatOf } from '../core/endpoint/registry-format.ts';
import type { RegistryRow } from '../core/endpoint/registry-row.ts';
import { longestSince, readOneHostname, readSince, readTable, withLedger } from './ledger-arguments.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 600_000;

type Chosen = { readonly format?: string | undefined; readonly registry: boolean; readonly ledger: boolean };

/** The format of the registry; undefined where the entries of the ledger are asked for, as without any option. */
const readFormat = ({ format, registry, ledger }: Chosen): RegistryFormat | undefined => {
  if (ledger && (registry || format !== undefined))
    throw new UsageError(
      `ledger: --ledger prints the history, and --${registry ? 'registry' : 'format'} what is registered now. Leave one of them out.`,
    );
  if (format === undefined) return registry ? 'jsonl' : undefined;
  const read = registryFormatOf(format);
  if (read === undefined) throw new UsageError(notARegistryFormat(format));
  return read;
};

/**
 * `postal-endpoint export [hostname]`: the entries of the ledger as JSON lines, stream by stream, the audit stream first; each line is the RFC 8785 JSON of one entry. A stream
 * that somebody spoiled ends it with exit status 3 instead of a history with a hole in it.
 * With `--format`, or `--registry`, which means JSON lines: what is registered now, as a file that `import` reads.
 */
export const exportInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, {
    'ledger-table': { type: 'string' },
    since: { type: 'string' },
    by: { type: 'string' },
    target: { type: 'string' },
    registry: { type: 'boolean', default: false },
    ledger: { type: 'boolean', default: false },
    format: { type: 'string' },
  });
  const format = readFormat(values);
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
    { registryText },
  ] = await Promise.all([
    import('../app/verify/evidence.ts'),
    import('../core/base/digest.ts'),
    import('../core/bulk/bulk-history.ts'),
    import('../core/endpoint/target-text.ts'),
    import('../core/ledger/fold.ts'),
    import('../core/ledger/entry.ts'),
    import('../core/endpoint/registry-row.ts'),
    import('../core/import/registry-text.ts'),
  ]);
  const besides = ['since', 'by', 'target'] as const;
  const narrowed = besides.find((option) => format !== undefined && values[option] !== undefined);
  if (narrowed !== undefined)
    throw new UsageError(
      `${narrowed}: it selects changes, and --${values.format === undefined ? 'registry' : 'format'} prints what is registered now. Leave one of them out.`,
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
    const rows: RegistryRow[] = [];
    for (const [stream, reading] of [
      ...(hostname === undefined ? [[auditStream, audit] as const] : []),
      ...(await readStreams(ledger, names, signal)),
    ]) {
      if ('unreadable' in reading)
        return { text: `postal-endpoint: nothing was exported: ${reading.unreadable.message}`, exitCode: 3 };
      if (format !== undefined) {
        const { definition } = fold(reading.entries);
        if (definition !== undefined) rows.push(registryRow(definition));
      } else for (const entry of chosenEntriesOf(stream, reading.entries, filter)) lines.push(canonicalJson(entry));
    }
    if (lines.length === 0 && rows.length === 0)
      return {
        text: `postal-endpoint: ${table} has no ${format !== undefined ? 'registered hostname' : `${args.length > 2 ? 'such ' : ''}entry`}`,
        exitCode: 3,
      };
    return { text: format === undefined ? lines.join('\n') : registryText(format, rows).trimEnd(), exitCode: 0 };
  });
};
