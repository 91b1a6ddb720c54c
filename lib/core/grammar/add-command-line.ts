import type { DefinitionInput } from '../endpoint/definition.ts';
import { commandLine } from './line.ts';
import { slashCommand, table } from './table.ts';

/** The command that asks for a definition, whole, as one would type it. */
export const addCommandLine = (input: DefinitionInput): string => {
  const one = (name: string, value: string | undefined): readonly (readonly [string, readonly string[]])[] =>
    value === undefined ? [] : [[name, [value]]];
  const given = new Map<string, readonly string[]>([
    ['hostname', [input.hostname]],
    ['target', input.targets],
    ...(input.standby === undefined || input.standby.length === 0 ? [] : ([['standby', input.standby]] as const)),
    ...one('port', input.port),
    ...one('ssl-mode', input.sslMode),
    ...one('ttl', input.ttl),
    ...one('name', input.name),
    ...one('owner', input.owner),
    ...one('note', input.note),
  ]);
  return `${slashCommand} ${commandLine(table.add, given)}`;
};
