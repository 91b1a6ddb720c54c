/** What a command prints, and its exit status: 0 good, 1 warning, 2 critical, 3 unknown or wrong usage. */
export type ShellResult = {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2 | 3;
  /** Whether the text answers the question, even if with "unknown"; any other text with exit status 3 goes to standard error. */
  readonly isAnswer?: boolean;
  /** Remarks for standard error. */
  readonly notes?: string;
};

/** The command line is wrong; the message names the argument and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usageError = (message: string): ShellResult => ({ text: `postal-endpoint: ${message}`, exitCode: 3 });
