import { nearest } from '../core/grammar/nearest.ts';
import { checkInShell } from './check.ts';
import { explainInShell } from './explain.ts';
import { type ShellResult, UsageError, usageError } from './shell-result.ts';
import { validateInShell } from './validate.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => ShellResult | Promise<ShellResult>>> = {
  check: checkInShell,
  // What talks to AWS or to a database is loaded when it is asked for.
  audit: async (args) => (await import('./audit/audit.ts')).auditInShell(args),
  explain: (args) => explainInShell(args),
  validate: validateInShell,
  verify: async (args) => (await import('./verify.ts')).verifyInShell(args),
  rebuild: async (args) => (await import('./rebuild.ts')).rebuildInShell(args),
  export: async (args) => (await import('./export.ts')).exportInShell(args),
};

const usage = `postal-endpoint: what Postal's mail endpoints look like, from a shell

  postal-endpoint check <hostname> [--port 25] [--ssl-mode Auto] [--rcpt user@example.com [--deliver]] [--json]
      resolves the name and opens an SMTP session to every address as Postal on this machine would; says what Postal will do.
      --rcpt offers a recipient to the server that Postal would settle on, --deliver sends it one marked message
      as Postal is set up:  --profile postal-profile.json, or what differs from this machine and Postal's defaults:
        --resolver IP[:port] (repeat), --resolv-conf FILE, --os-hostname NAME, --helo NAME, --mail-from ADDRESS,
        --open-timeout S, --read-timeout S, --dns-timeout S, --ca-file PEM, --postal-version 3.3.6
      --policy policy.json keeps the probe inside a policy's ranges and ports
  postal-endpoint explain [--json] [text…]
      says what a line of Postal's log or delivery details means; without a text it reads standard input
  postal-endpoint validate [--policy policy.json [--registry FILE]] [--profile postal-profile.json]
      checks the files of a deployment; lists every mistake, and warns of what is dangerous;
      --registry also warns of registered hostnames that the policy leaves out: a file that export --registry wrote
  postal-endpoint verify [hostname] --ledger-table NAME --channel C… --slack-token-file FILE [--since 366d] [--json]
      recomputes the ledger's hash chains and holds them against the messages of the audit channel
  postal-endpoint verify --file history.jsonl [--json]
      recomputes the hashes of exported entries, with nothing but the file
  postal-endpoint export [hostname] --ledger-table NAME [--since 7d] [--by U…] [--target IP]
      prints the entries of the ledger as JSON lines, or those of the changes by one person, or to and from one target
  postal-endpoint export [hostname] --ledger-table NAME --registry
      prints what is registered now, one JSON line for each hostname
  postal-endpoint rebuild --ledger-table NAME --state-table NAME [--write]
      shows where directory, announcements and waiting plans are not as the ledger has them; --write puts them right.
      Names that were announced are all looked at, others as far back as --since 366d
  postal-endpoint rebuild --from-dns --policy policy.json --state-table NAME [--write]
      the same for the registry from Route 53 alone, when the ledger is lost: all but names, owners, notes and history

  verify, export and rebuild use the AWS credentials and region of the environment.

Exit status: 0 fine, 1 warning, 2 critical, 3 could not be told, or wrong usage.`;

/** Runs one command of the shell. Throws only for bugs. */
export const runShell = async (args: readonly string[]): Promise<ShellResult> => {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h')
    return { text: usage, exitCode: name === undefined ? 3 : 0 };
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const near = nearest(name, Object.keys(commands));
    return usageError(
      `command: "${name}" is none.${near === undefined ? '' : ` Perhaps ${near}.`} postal-endpoint help lists them.`,
    );
  }
  try {
    return await command(rest);
  } catch (error) {
    if (error instanceof UsageError) return usageError(error.message);
    throw error;
  }
};
