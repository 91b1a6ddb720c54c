import { nearest } from '../core/grammar/nearest.ts';
import { checkInShell } from './check.ts';
import { explainInShell } from './explain.ts';
import { type CommandName, commandHelp, commandHelpText, helpText, isCommandName } from './help.ts';
import { type ShellResult, UsageError, usageError } from './shell-result.ts';
import { validateInShell } from './validate.ts';
import { version } from './version.ts';

const commands: Readonly<Record<CommandName, (args: readonly string[]) => ShellResult | Promise<ShellResult>>> = {
  check: checkInShell,
  // What talks to AWS or to a database is loaded when it is asked for.
  audit: async (args) => (await import('./audit/audit.ts')).auditInShell(args),
  explain: (args) => explainInShell(args),
  import: async (args) => (await import('./import/import.ts')).importInShell(args),
  validate: validateInShell,
  verify: async (args) => (await import('./verify.ts')).verifyInShell(args),
  rebuild: async (args) => (await import('./rebuild.ts')).rebuildInShell(args),
  export: async (args) => (await import('./export.ts')).exportInShell(args),
};

/** Names a command that does not exist, and the one that is spelled most like it. */
const unknownCommand = (name: string): ShellResult => {
  const near = nearest(name, [...Object.keys(commandHelp), '--help', '--version']);
  return usageError(
    `"${name}" is not a command.${near === undefined ? '' : ` Did you mean ${near}?`} postal-endpoint help lists all commands.`,
  );
};

/** `help`, `help <command>`. */
const help = ([name]: readonly string[]): ShellResult => {
  if (name === undefined) return { text: helpText(), exitCode: 0 };
  return isCommandName(name) ? { text: commandHelpText(name), exitCode: 0 } : unknownCommand(name);
};

const isHelpOption = (arg: string): boolean => arg === '--help' || arg === '-h';

/** Runs one command of the shell. Throws only for bugs. */
export const runShell = async (args: readonly string[]): Promise<ShellResult> => {
  const [name, ...rest] = args;
  if (name === undefined) return { text: helpText(), exitCode: 3 };
  if (name === 'help' || isHelpOption(name)) return help(rest);
  if (name === 'version' || name === '--version') return { text: `postal-endpoint ${version}`, exitCode: 0 };
  if (!isCommandName(name)) return unknownCommand(name);
  const end = rest.indexOf('--');
  if (rest.slice(0, end < 0 ? undefined : end).some(isHelpOption)) return help([name]);
  try {
    return await commands[name](rest);
  } catch (error) {
    if (error instanceof UsageError) return usageError(`${error.message}\nAll options: postal-endpoint help ${name}`);
    throw error;
  }
};
