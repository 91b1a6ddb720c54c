import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a command prints and how it ends: 0 fine, 1 warning, 2 critical, 3 could not be told or wrong usage. */
export type ShellResult = {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2 | 3;
  /** Whether the text is what was asked for, also where the answer is that it could not be told; else it goes to standard error with exit status 3. */
  readonly isAnswer?: boolean;
  /** What is worth knowing beside it; goes to standard error. */
  readonly notes?: string;
};

/** The command line is wrong; the message names the argument and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usageError = (message: string): ShellResult => ({ text: `postal-endpoint: ${message}`, exitCode: 3 });

/** Reads a command's arguments; throws `UsageError` with one sentence. */
export const readArguments = <Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
};
