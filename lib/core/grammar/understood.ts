import type { CommandOf } from './command.ts';
import type { FormName } from './row.ts';
import type { TypedVerb } from './table.ts';

/** One thing in a command line that could not be understood. */
export type Problem = {
  /** The argument meant: a verb's positional or option by name, `verb`, or `command` for the line as a whole. */
  readonly argument: string;
  /** What is wrong, with the value; untrusted text. */
  readonly wrong: string;
  /** What would be right. */
  readonly right: string;
};

/** What the grammar made of a command text. */
export type Understood =
  | {
      readonly kind: 'command';
      readonly command: CommandOf<TypedVerb>;
      /** The command line, normalised: understood again, it gives the same command. */
      readonly text: string;
    }
  | { readonly kind: 'form'; readonly form: FormName }
  | { readonly kind: 'help'; readonly verb?: string }
  | {
      readonly kind: 'mistaken';
      readonly problems: readonly Problem[];
      /** The command line put right, where that can be known. */
      readonly suggestion?: string;
    };
