import type { DefinitionInput } from '../endpoint/definition.ts';
import type { Arguments } from './arguments.ts';
import { type AnyRow, table } from './table.ts';

const needsQuotes = /[\s,"“”„‟«»'‘’‚‛`\\=]|^$|^[-—–―−‒‐‑]|^(?:→|=>)$/;
const quoted = (value: string): string => (needsQuotes.test(value) ? `"${value.replace(/[\\"“”„‟«»]/g, (character) => `\\${character}`)}"` : value);

/** A command line in its normal form: positionals, then options in the table's order; understood again, it gives the same. */
export const commandLine = (row: AnyRow, given: Arguments): string =>
  [
    row.verb,
    ...row.positionals.flatMap(({ name }) => (given.get(name) ?? []).map(quoted)),
    ...row.options.flatMap(({ name }) => {
      const values = given.get(name);
      return values === undefined ? [] : [`--${name}`, ...values.map(quoted)];
    }),
  ].join(' ');

/** The command line that adds a definition, for a form to be queued and for a refused one to be put right. */
export const addCommandLine = (definition: DefinitionInput, dryRun: boolean): string => {
  const given = new Map<string, readonly string[]>([['hostname', [definition.hostname]]]);
  const put = (name: string, value: string | undefined): void => void (value !== undefined && given.set(name, [value]));
  given.set('target', definition.targets);
  if (definition.standby && definition.standby.length > 0) given.set('standby', definition.standby);
  put('port', definition.port);
  put('ssl-mode', definition.sslMode);
  put('ttl', definition.ttl);
  put('name', definition.name);
  put('owner', definition.owner);
  put('note', definition.note);
  if (dryRun) given.set('dry-run', []);
  return commandLine(table.add, given);
};
