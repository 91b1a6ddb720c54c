import * as z from 'zod/mini';

/** A value that stands by its place. */
export type Positional = {
  readonly name: string;
  /** Takes every value that follows. */
  readonly many?: true;
  readonly optional?: true;
  /**
   * How its value reads: a `host` loses what chat and browsers wrap around one; `verbatim` is everything after the verb, as it stands, so that its verb
   * has no other positional, and of options only switches, as the very first or last word.
   */
  readonly reads: 'host' | 'word' | 'verbatim';
  /** Completes "… is missing: give". */
  readonly example: string;
  /** Names a person, a user group or a channel, if it is a mention: it is read as its id. */
  readonly takesId?: true;
};

/** A value that stands by its name, or a flag. */
export type Option = {
  readonly name: string;
  /** What stands for the value in usage; absent: a flag. */
  readonly placeholder?: string;
  readonly many?: true;
  /** `text` may hold spaces; a `number` is whole and from 1; the others are one word, which is what no `reads` means too. */
  readonly reads?: 'host' | 'word' | 'text' | 'number';
  /** Names a person, a user group or a channel: a mention is read as its id, and anywhere else as its name. */
  readonly takesId?: true;
  /** Values worth completing. */
  readonly choices?: readonly string[];
  readonly example?: string;
  readonly help: string;
  /** Understood, so that the verb can say why it does not take it, and offered nowhere. */
  readonly refused?: true;
};

/** The options of a verb that are worth offering. */
export const offeredOptions = ({ options }: { readonly options: readonly Option[] }): readonly Option[] =>
  options.filter(({ refused }) => !refused);

/** The values of one command line, read by the names in its row. */
export type Values = {
  one(name: string): string | undefined;
  many(name: string): readonly string[];
  flag(name: string): boolean;
};

/** A form that stands for a command line. */
export type FormName = 'add' | 'import';

type Fields = z.core.$ZodShape;

/** What reading and writing a command line needs of a row, whatever its verb. */
export type Syntax = {
  readonly verb: string;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  readonly options: readonly Option[];
  /** A command line, without the slash command's own name. */
  readonly example: string;
  /** Opens when the verb stands alone. */
  readonly form?: FormName;
};

const schemaOf = <const V extends string, F extends Fields>(verb: V, fields: F) =>
  z.readonly(z.strictObject({ verb: z.literal(verb), ...fields }));

type CommandWith<V extends string, F extends Fields> = z.infer<ReturnType<typeof schemaOf<V, F>>>;

/** Everything that is said of one verb, in one place: grammar, help, completion, acknowledgement and the queue's schema are read from it. */
type Row<V extends string, F extends Fields> = Syntax & {
  readonly verb: V;
  /** What its command holds besides the verb. */
  readonly fields: F;
  /** The hostname in whose order commands run; absent: it changes nothing and waits for nothing. */
  readonly changes?: (command: CommandWith<V, F>) => string;
  readonly command: (values: Values) => CommandWith<V, F>;
  /** What was understood, as the first sentence of the acknowledgement; plain text, values as typed. */
  readonly doing: (command: CommandWith<V, F>) => string;
};

/** A row of the command table, with the schema of its command, which only the worker builds. */
export const row = <const V extends string, const F extends Fields>(parts: Row<V, F>) => ({
  ...parts,
  schema: () => schemaOf(parts.verb, parts.fields),
});
