import { longestSince, readSince, readTable } from './ledger-arguments.ts';
import { readArguments, type ShellResult, UsageError } from './shell-result.ts';

/** `postal-endpoint rebuild`: puts the state table right, from the ledger, or with `--from-dns` from Route 53 alone. Without `--write` it only shows what differs. */
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
    throw new UsageError(`"${positionals[0]}" stands alone. Write --ledger-table NAME --state-table NAME [--write].`);
  const stateTable = readTable(values['state-table'], 'state');
  const { write, policy } = values;
  if (values['from-dns']) {
    if (values['ledger-table'] !== undefined)
      throw new UsageError('ledger-table: --from-dns is for when there is none. Give one or the other.');
    if (policy === undefined) throw new UsageError('policy: give --policy FILE, whose zones are read.');
    return (await import('./rebuild-from-dns.ts')).rebuildFromDns({ stateTable, policyFile: policy, write });
  }
  if (policy !== undefined)
    throw new UsageError('policy: it is for --from-dns. The ledger alone says what is registered.');
  const ledgerTable = readTable(values['ledger-table'], 'ledger');
  const lookBackMs = await readSince(values.since ?? longestSince);
  return (await import('./rebuild-from-ledger.ts')).rebuildFromLedger({ ledgerTable, stateTable, lookBackMs, write });
};
