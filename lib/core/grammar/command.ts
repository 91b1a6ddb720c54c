import type * as z from 'zod/mini';
import type { commandSchema } from './command-schema.ts';
import { type TypedVerb, table } from './table.ts';

/** What a person asked for, once the grammar has understood it: one variant a verb. */
export type Command = z.infer<typeof commandSchema>;
export type Verb = Command['verb'];
/** The variant of one verb. */
export type CommandOf<V extends Verb> = Extract<Command, { readonly verb: V }>;

const rows: {
  readonly [V in TypedVerb]: {
    readonly doing: (command: CommandOf<V>) => string;
    readonly changes?: (command: CommandOf<V>) => string;
  };
} = table;

const doingOf = <V extends TypedVerb>(verb: V, command: CommandOf<V>): string => rows[verb].doing(command);
const changesOf = <V extends TypedVerb>(verb: V, command: CommandOf<V>): string | undefined =>
  rows[verb].changes?.(command);

/** The first sentence of a command's acknowledgement, without its full stop; plain text that holds what a person typed. */
export const doing = (command: CommandOf<TypedVerb>): string => doingOf(command.verb, command);

/** The hostname that a command changes, or undefined for one that only reads. */
export const changedHostname = (command: CommandOf<TypedVerb>): string | undefined => changesOf(command.verb, command);
