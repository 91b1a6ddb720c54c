import { longestSince, readSince, readTable } from './ledger-arguments.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

/** `postal-endpoint rebuild`: corrects the state table from the ledger, or with `--from-dns` from Route 53 alone. Without `--write` it only shows the differences. */
export const rebuildInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, {
    'ledger-table': { type: 'string' },
    'state-table': { type: 'string' },
    'from-dns': { type: 'boolean', default: false },
    policy: { type: 'string' },
    since: { type: 'string' },
    write: { type: 'boolean', default: false },
  });
  if (positionals.length > 0)
    throw new UsageError(
      `"${positionals[0]}": unexpected argument. Write --ledger-table NAME --state-table NAME [--write].`,
    );
  const stateTable = readTable(values['state-table'], 'state');
  const { write, policy } = values;
  if (values['from-dns']) {
    if (values['ledger-table'] !== undefined)
      throw new UsageError('ledger-table: --from-dns works without a ledger. Give one or the other.');
    if (policy === undefined) throw new UsageError('policy: give --policy FILE, whose zones are read.');
    return (await import('./rebuild-from-dns.ts')).rebuildFromDns({ stateTable, policyFile: policy, write });
  }
  if (policy !== undefined) throw new UsageError('policy: only --from-dns needs it. Leave it out, or add --from-dns.');
  const ledgerTable = readTable(values['ledger-table'], 'ledger');
  const lookBackMs = await readSince(values.since ?? longestSince);
  return (await import('./rebuild-from-ledger.ts')).rebuildFromLedger({ ledgerTable, stateTable, lookBackMs, write });
};
