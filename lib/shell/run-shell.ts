import { nearest } from '../commands/nearest.ts';
import { checkInShell } from './check.ts';
import { type ShellResult, UsageError, usageError } from './shell-result.ts';
import { validateInShell } from './validate.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => ShellResult | Promise<ShellResult>>> = {
  check: checkInShell,
  validate: validateInShell,
};

const usage = `postal-endpoint: what Postal's mail endpoints look like, from a shell

  postal-endpoint check <hostname> --policy policy.json --profile postal-profile.json
                        [--port 25] [--ssl-mode Auto] [--json]
      resolves the name with the profile's nameservers and opens an SMTP session to every address
  postal-endpoint validate [--policy policy.json] [--profile postal-profile.json]
      checks the files of a deployment; lists every mistake

Exit status: 0 fine, 1 warning, 2 critical, 3 could not be told, or wrong usage.`;

/** Runs one command of the shell. Throws only for bugs. */
export const runShell = async (args: readonly string[]): Promise<ShellResult> => {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return { text: usage, exitCode: name === undefined ? 3 : 0 };
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const near = nearest(name, Object.keys(commands));
    return usageError(`command: "${name}" is none.${near === undefined ? '' : ` Perhaps ${near}.`} postal-endpoint help lists them.`);
  }
  try {
    return await command(rest);
  } catch (error) {
    if (error instanceof UsageError) return usageError(error.message);
    throw error;
  }
};
