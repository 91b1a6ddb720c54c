import type { BulkChange } from '../bulk/bulk-proposal.ts';
import type { DefinitionInput } from '../endpoint/definition.ts';
import type { LeftOut } from '../ledger/bulk-entry.ts';
import type { ImportAnswer, ImportRow } from './answer.ts';

/** What a row says besides hostname and targets, as its command would have it. */
const given = ({
  standby,
  port,
  sslMode,
  ttl,
  name,
  owner,
  note,
}: ImportRow): Omit<DefinitionInput, 'hostname' | 'targets'> => ({
  ...(standby.length === 0 ? {} : { standby }),
  ...(port === null ? {} : { port: String(port) }),
  ...(sslMode === null ? {} : { sslMode }),
  ...(ttl === null ? {} : { ttl: String(ttl) }),
  ...(name === null ? {} : { name }),
  ...(owner === null ? {} : { owner }),
  ...(note === null ? {} : { note }),
});

const changeOf = (row: ImportRow, isRegistered: boolean): BulkChange => {
  const { hostname, targets, line } = row;
  if (isRegistered)
    return { verb: 'update', line, hostname, changes: { ...(targets.length === 0 ? {} : { targets }), ...given(row) } };
  // Without a target there is nothing to add: the record is there, and only has to be taken over.
  return targets.length === 0
    ? { verb: 'adopt', line, hostname, changes: given(row) }
    : { verb: 'add', line, definition: { hostname, targets, ...given(row) } };
};

/** What each row would change: a name that is registered is updated, any other added, or adopted where the file gives no target. */
export const proposedChanges = (rows: readonly ImportRow[], registered: ReadonlySet<string>): readonly BulkChange[] =>
  rows.map((row) => changeOf(row, registered.has(row.hostname)));

/** Lines of a file that cannot be proposed: those with mistakes, then those that are no endpoints. */
export const leftOutOf = ({ mistakes, leftOut }: Pick<ImportAnswer, 'mistakes' | 'leftOut'>): readonly LeftOut[] => [
  ...mistakes.map(({ line, column, message }) => ({
    what: column === null ? `line ${line}` : `line ${line}, column ${column}`,
    reason: message,
  })),
  ...leftOut.map(({ line, what }) => ({ what: `line ${line}`, reason: `Not imported: ${what}` })),
];
