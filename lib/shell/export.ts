import { systemClock } from '../adapters/system-clock.ts';
import { notARegistryFormat, type RegistryFormat, registryFormatOf } from '../core/endpoint/registry-format.ts';
import { longestSince, readOneHostname, readSince, readTable, withLedger } from './ledger-arguments.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 600_000;

const options = {
  'ledger-table': { type: 'string' },
  ledger: { type: 'boolean', default: false },
  since: { type: 'string' },
  by: { type: 'string' },
  registry: { type: 'boolean', default: false },
  format: { type: 'string' },
  at: { type: 'string' },
  target: { type: 'string' },
  owner: { type: 'string' },
  state: { type: 'string' },
  server: { type: 'string' },
  'in-postal': { type: 'string' },
  unregistered: { type: 'boolean', default: false },
} as const;
type Chosen = ReturnType<typeof readArguments<typeof options>>['values'];

/** The first of these options that is given. */
const firstOf = (values: Chosen, names: readonly (keyof Chosen)[]): keyof Chosen | undefined =>
  names.find((name) => values[name] !== undefined && values[name] !== false);

/** The format of the registry; undefined where the entries of the ledger are asked for, as without any option. Options that do not fit are refused. */
const readFormat = (values: Chosen): RegistryFormat | undefined => {
  const { format, registry, ledger } = values;
  const asked = registry ? '--registry' : '--format';
  const ofRegistry = registry || format !== undefined;
  const unknown = firstOf(values, ['state', 'server', 'in-postal', 'unregistered']);
  if (unknown !== undefined)
    throw new UsageError(
      `${unknown}: the ledger knows what was registered, but not states, Postal's reports or other records in the zones. Leave --${unknown} out, or ask the bot: /postal-endpoint list.`,
    );
  if (ledger && ofRegistry)
    throw new UsageError(
      `ledger: --ledger prints the history, and ${asked} what is registered. Leave one of them out.`,
    );
  const other = firstOf(values, ofRegistry ? ['since', 'by'] : ['owner', 'at']);
  if (other !== undefined)
    throw new UsageError(
      ofRegistry
        ? `${other}: it selects changes, and ${asked} prints what is registered. Leave one of them out.`
        : `${other}: it is about what is registered. Add --format csv, jsonl or zone.`,
    );
  if (format === undefined) return registry ? 'jsonl' : undefined;
  const read = registryFormatOf(format);
  if (read === undefined) throw new UsageError(notARegistryFormat(format));
  return read;
};

/** The entries of the ledger as JSON lines, stream by stream, the audit stream first; each line is the RFC 8785 JSON of one entry. */
const exportLedger = async (
  values: Chosen,
  positionals: readonly string[],
  table: string,
  signal: AbortSignal,
): Promise<ShellResult> => {
  const hostname = await readOneHostname(positionals);
  const sinceMs = values.since === undefined ? undefined : await readSince(values.since);
  const lookBackMs = sinceMs ?? (await readSince(longestSince));
  const [
    { knownStreams, readAudit, readStreams },
    { canonicalJson },
    { chosenEntriesOf },
    { readTarget },
    { auditStream },
  ] = await Promise.all([
    import('../app/verify/evidence.ts'),
    import('../core/base/digest.ts'),
    import('../core/bulk/bulk-history.ts'),
    import('../core/endpoint/target-text.ts'),
    import('../core/ledger/entry.ts'),
  ]);
  const target = values.target === undefined ? undefined : readTarget(values.target);
  if (target?.kind === 'invalid') throw new UsageError(`target: ${target.wrong} ${target.right}`);
  const filter = {
    sinceMs: sinceMs ?? 0,
    by: values.by,
    target: target?.kind === 'address' ? target.address.text : target?.name,
  };
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
      for (const entry of chosenEntriesOf(stream, reading.entries, filter)) lines.push(canonicalJson(entry));
    }
    const isNarrowed = positionals.length > 0 || firstOf(values, ['since', 'by', 'target']) !== undefined;
    return lines.length === 0
      ? { text: `postal-endpoint: ${table} has no ${isNarrowed ? 'such ' : ''}entry`, exitCode: 3 }
      : { text: lines.join('\n'), exitCode: 0 };
  });
};

/**
 * `postal-endpoint export [hostname]`: the entries of the ledger; with `--format`, or `--registry`, which means JSON lines, what is registered, as a file
 * that `import` reads, narrowed by the filter of `list`. A stream that somebody spoiled ends both with exit status 3 instead of a file with a hole in it.
 */
export const exportInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, options);
  const format = readFormat(values);
  const table = readTable(values['ledger-table']);
  const signal = AbortSignal.timeout(deadlineMs);
  if (format === undefined) return exportLedger(values, positionals, table, signal);
  const [hostname, ...more] = positionals;
  if (more.length > 0)
    throw new UsageError(`"${more[0]}": unexpected argument. Give one hostname or pattern, or none.`);
  const { exportRegistry } = await import('./export-registry.ts');
  const { at, target, owner } = values;
  const texts = {
    ...(hostname !== undefined && { hostname }),
    ...(target !== undefined && { target }),
    ...(owner !== undefined && { owner }),
  };
  return withLedger(table, exportRegistry({ format, at, texts }, table, signal));
};
